/**
 * A document's history, over the API.
 *
 * @typedef {{revision: number, title: string, created: number, author: string}} Step
 * @typedef {{present: number, steps: Step[]}} History
 * @typedef {{since: number, revision: number, diff: string}} Difference
 */

/** @import {Session} from "./session.js" */

import { request } from './client.js';

/** @param {'GET' | 'POST' | 'PATCH'} method @param {string} url @param {unknown} [body] @returns {Promise<any>} */
async function ask(method, url, body) {
  const headers = body === undefined ? undefined : { 'Content-Type': 'application/json' };
  const payload = body === undefined ? undefined : JSON.stringify(body);
  return (await request(url, { method, headers, body: payload })).json();
}

/** @param {Session} session */
const path = (session) => `${session.client.base}/documents/${encodeURIComponent(session.info?.id ?? '')}`;

/** @param {Session} session @returns {Promise<History>} */
export const historyOf = (session) => ask('GET', `${path(session)}/history`);

/** @param {Session} session @param {number} since @returns {Promise<Difference>} */
export const differenceSince = (session, since) => ask('GET', `${path(session)}/diff?since=${since}`);

/** Undoes or redoes as many steps as lead to a revision. @param {Session} session @param {number} revision */
export function goTo(session, revision) {
  return session.enqueue(async (info) => {
    session.notices.clear('ok');
    const result = await session.client.goTo(info.id, revision, info.revision, session.state);
    session.take(result.document, result.graph);
    return result;
  }, 'goto');
}

/** @param {Session} session @param {string} id @param {string} name */
export function renameDocument(session, id, name) {
  return session.attempt(async () => {
    const info = await ask('PATCH', `${session.client.base}/documents/${encodeURIComponent(id)}`, { name });
    if (session.info?.id === id) {
      session.info = { ...session.info, name: info.name };
      session.changed();
    }
    return info;
  });
}
