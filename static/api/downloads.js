/** Files on their way from the server: their progress and a way to cancel shown here, and a refusal in words. */

/** @import {Session} from "./session.js" */

import { messages } from '../messages.js';
import { downloads as t } from '../messages/uploads.js';
import { ApiProblem, request } from './client.js';
import { withProgress } from './progress.js';

/**
 * Bytes up to which the page takes a file in itself. What is larger goes to the browser's own downloads, which show and
 * cancel it as well, go on with it after a break, and keep it out of memory.
 */
export const HELD = 256 * 2 ** 20;
/** Milliseconds after which a browser has certainly begun to save what it was given. */
const SAVING = 60_000;

/**
 * Fetches a file and hands it to the browser to save.
 * @param {Session} session @param {string} url @param {string} what it is, for people
 * @returns {Promise<boolean>} false where it failed or was cancelled, which was said then
 */
export async function fetchFile(session, url, what) {
  const texts = { moving: t.fetching(what), ending: t.fetching(what) };
  const done = await withProgress(
    session,
    texts,
    async ({ onProgress, signal }) => {
      const response = await request(url, { signal });
      const size = Number(response.headers.get('Content-Length'));
      if (size > HELD) {
        await response.body?.cancel();
        save(url, '');
        return true;
      }
      const name = nameIn(response.headers.get('Content-Disposition') ?? '');
      const address = URL.createObjectURL(await taken(response, size, onProgress));
      save(address, name);
      setTimeout(() => URL.revokeObjectURL(address), SAVING);
      return true;
    },
    null,
  );
  return done ?? false;
}

/**
 * The body as it comes.
 * @param {Response} response @param {number} size in bytes, 0 where it was not said
 * @param {(fraction: number) => void} [onProgress]
 */
export async function taken(response, size, onProgress) {
  /** @type {BlobPart[]} */
  const parts = [];
  let length = 0;
  let told = 0;
  const reader = /** @type {ReadableStream<Uint8Array<ArrayBuffer>>} */ (response.body).getReader();
  for (;;) {
    const { done, value } = await next(reader);
    if (done) break;
    parts.push(value);
    length += value.length;
    // hundredths: the page draws itself anew for each
    const hundredths = size ? Math.floor((100 * length) / size) : 0;
    if (hundredths === told) continue;
    told = hundredths;
    onProgress?.(told / 100);
  }
  return new Blob(parts, { type: response.headers.get('Content-Type') ?? '' });
}

/** @template T @param {ReadableStreamDefaultReader<T>} reader */
async function next(reader) {
  try {
    return await reader.read();
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiProblem(0, messages.errors.unreachable, t.cut);
  }
}

/** The file's name in a Content-Disposition: RFC 6266's extended form before the plain one. @param {string} header */
export function nameIn(header) {
  const [, extended] = /filename\*=UTF-8''([^;]+)/i.exec(header) ?? [];
  if (extended) return decodeURIComponent(extended);
  const [, plain] = /filename="([^"]*)"/i.exec(header) ?? [];
  return plain ?? '';
}

/** @param {string} url @param {string} name empty for the one that the server gives */
export function save(url, name) {
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
}
