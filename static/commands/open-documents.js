/** Which nets are open in this tab of the browser, kept up with what the session shows. */

/** @import {Session} from "../api/session.js" */

import { people } from '../messages/people.js';
import { OpenDocuments } from '../model/open-documents.js';

function tabStore() {
  try {
    return sessionStorage;
  } catch {
    return null; // forbidden by the browser's settings
  }
}

/** @param {Session} session @param {() => void} changed @returns {OpenDocuments} */
export function keepOpen(session, changed) {
  const open = new OpenDocuments(session.client.readOnly ? null : tabStore());
  let shown = '';
  /** @param {boolean} added  a net that was just closed is shown until the next one is there, and stays closed */
  const keep = (added) => {
    const { info } = session;
    if (!info || session.client.readOnly || !(added || open.has(info.id))) return;
    shown = info.id;
    const { all } = open;
    open.show(info);
    if (open.all !== all) changed();
  };
  session.addEventListener('opened', () => keep(true));
  session.addEventListener('change', () => keep(false));
  session.addEventListener('closed', () => {
    open.close(shown);
    changed();
  });
  return open;
}

/**
 * Opens a net; where it is no more, it is no longer offered and called by its name.
 * @param {Session} session @param {OpenDocuments} open @param {string} id
 */
export async function openNet(session, open, id) {
  if (await session.open(id)) return;
  const documents = await session.client.documents().catch(() => null); // it was said already that nobody answers
  const known = open.all.find((net) => net.id === id);
  if (!documents || documents.some((net) => net.id === id)) return;
  open.prune(new Set(documents.map((net) => net.id)));
  if (!known) return;
  session.notices.clear('error');
  session.notices.add({ kind: 'warning', title: people.deleted(known.name) });
}
