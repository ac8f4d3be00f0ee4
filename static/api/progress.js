/** A file on its way as the page shows it: how far it is, that it waits, and how to cancel it. */

/** @import {Session} from "./session.js" */
/** @import {UploadOptions} from "./client.js" */

import { messages } from '../messages.js';
import { uploads } from '../messages/uploads.js';

/**
 * An upload.
 * @template T
 * @param {Session} session @param {string} what @param {(options: UploadOptions) => Promise<T>} send
 * @returns {Promise<T | null>} null where it failed or was cancelled, which was said then
 */
export function uploading(session, what, send) {
  const texts = { moving: messages.files.uploading(what), ending: messages.files.reading(what), waiting: uploads.waiting(what) };
  return withProgress(session, texts, send, 0);
}

/**
 * @template T
 * @param {Session} session @param {{moving: string, ending: string, waiting?: string}} texts while bytes move, when all
 *   did, and while the other side is silent
 * @param {(options: UploadOptions) => Promise<T>} move
 * @param {number | null} begin how far it is at first; null where that cannot be said
 * @returns {Promise<T | null>} null where it failed or was cancelled, which was said then
 */
export async function withProgress(session, texts, move, begin) {
  const abort = new AbortController();
  const progress = { text: texts.moving, fraction: begin, cancel: () => abort.abort() };
  /** @param {Partial<typeof progress>} change */
  const show = (change) => {
    session.progress = { ...progress, ...change };
    session.changed();
  };
  show({});
  const onProgress = (/** @type {number} */ fraction) =>
    show(fraction < 1 ? { fraction } : { text: texts.ending, fraction: null });
  const onWaiting = () => show({ text: texts.waiting ?? texts.moving, fraction: session.progress?.fraction ?? null });
  const done = await session.attempt(() => move({ onProgress, onWaiting, signal: abort.signal }));
  session.progress = null;
  session.changed();
  return done;
}
