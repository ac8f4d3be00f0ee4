/**
 * Read-only links to a document, over the API.
 *
 * @typedef {{id: number, note: string, author: string, created: number, used: number | null}} Link
 * @typedef {Link & {token: string, address: string}} MadeLink  its address is told this once
 */

/** @import {Session} from "./session.js" */

import { request } from './client.js';

/** @param {Session} session */
const path = (session) => `${session.client.base}/documents/${encodeURIComponent(session.info?.id ?? '')}/links`;

/** @param {Session} session @returns {Promise<Link[]>} */
export async function linksOf(session) {
  return (await (await request(path(session), {})).json()).links;
}

/** @param {Session} session @param {string} note what it is for @returns {Promise<MadeLink>} */
export async function makeLink(session, note) {
  const headers = { 'Content-Type': 'application/json' };
  return (await request(path(session), { method: 'POST', headers, body: JSON.stringify({ note }) })).json();
}

/** Whoever came by it is sent away. @param {Session} session @param {number} id */
export async function revokeLink(session, id) {
  await request(`${path(session)}/${id}`, { method: 'DELETE' });
  return true;
}
