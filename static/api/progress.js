/** An upload as the page shows it: how far it is, that it waits, and how to cancel it. */

/** @import {Session} from "./session.js" */
/** @import {UploadOptions} from "./client.js" */

import { messages } from '../messages.js';
import { uploads } from '../messages/uploads.js';

/**
 * @template T
 * @param {Session} session @param {string} what @param {(options: UploadOptions) => Promise<T>} send
 * @returns {Promise<T | null>} null where it failed or was cancelled, which was said then
 */
export async function withProgress(session, what, send) {
  const abort = new AbortController();
  const progress = {
    text: messages.files.uploading(what),
    fraction: /** @type {number | null} */ (0),
    cancel: () => abort.abort(),
  };
  /** @param {Partial<typeof progress>} change */
  const show = (change) => {
    session.progress = { ...progress, ...change };
    session.changed();
  };
  show({});
  const onProgress = (/** @type {number} */ fraction) =>
    show(fraction < 1 ? { fraction } : { text: messages.files.reading(what), fraction: null });
  const onWaiting = () => show({ text: uploads.waiting(what), fraction: session.progress?.fraction ?? null });
  const done = await session.attempt(() => send({ onProgress, onWaiting, signal: abort.signal }));
  session.progress = null;
  session.changed();
  return done;
}
