/** What the page does for working together: when it looks for others, and which net somebody saw who began to type. */

/** @import {Session} from "../api/session.js" */

import { messages } from '../messages.js';
import { people as t } from '../messages/people.js';
import { readMoves } from './layout.js';

/** A page that nobody looked at for so long checks whether its connection is alive. */
const LONG = 30_000;

/** @param {Session} session @param {HTMLElement} page */
export function workTogether(session, page) {
  const { live } = session;
  const look = () => {
    if (document.visibilityState === 'hidden') return;
    live.hurry();
    if (live.status !== 'on' || performance.now() - live.heardAt > LONG) void session.refresh();
  };
  addEventListener('focus', look);
  addEventListener('online', () => void session.refresh());
  document.addEventListener('visibilitychange', look);
  addEventListener('storage', () => session.me.reread());
  session.addEventListener('layout', () => void readMoves(session));
  live.addEventListener('gone', (event) => {
    const { code } = /** @type {CustomEvent<{code: number}>} */ (event).detail;
    if (code !== 4404) session.notices.add({ kind: 'warning', title: session.client.readOnly ? t.revoked : messages.errors.notAdmitted });
  });
  noteTyping(session, page);
  // What is on its way to the server, or typed and not yet sent, would be lost: the browser asks. It would not in a page
  // that nobody touched, and complain of the attempt.
  addEventListener('beforeunload', (event) => {
    const text = /** @type {import("../panels/source-panel.js").SourcePanel | null} */ (page.querySelector('ng-source'));
    const lost = session.progress || session.edits > 0 || text?.unsaved;
    if (lost && navigator.userActivation.hasBeenActive) event.preventDefault();
  });
}

/**
 * What is typed in a field is meant for the net that was seen when one began: the server makes it fit the net as it is
 * by then, or says who was faster.
 * @param {Session} session @param {HTMLElement} page
 */
function noteTyping(session, page) {
  page.addEventListener('input', ({ target }) => {
    if (target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement) session.typedAt ??= session.info?.revision ?? null;
  }, true);
  const done = () => (session.typedAt = null);
  // The fields' own handlers have run by then.
  page.addEventListener('change', done);
  page.addEventListener('focusout', done);
}
