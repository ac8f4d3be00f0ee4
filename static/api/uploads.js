/**
 * Weights on their way to the server, by tus: where the connection, the server or the page goes away in the middle, the
 * upload goes on from where it was, in this page or in the next one that is given the same file.
 */

import { DetailedError, Upload } from '../vendor/tus.js';
import { messages } from '../messages.js';
import { ApiProblem, problemFrom } from './client.js';

/** @import {UploadOptions} from "./client.js" */

/** Bytes of one request: what is no caffemodel is known after the first, and no more than this is ever sent again. */
const CHUNK = 8 * 2 ** 20;
/** Milliseconds before each attempt after one that failed; every byte that arrives starts them anew. */
const DELAYS = [0, 500, 1000, 2000, ...Array(240).fill(5000)];
/** How long the server remembers an upload, at least as long as anybody would come back to it. */
const REMEMBERED = 48 * 3600 * 1000;

/**
 * Sends a file and gives it to `use` as the id of an upload. The server may have used or forgotten an upload that was
 * begun earlier: then it is sent anew, once.
 * @template T
 * @param {string} base of the API @param {File} file @param {UploadOptions} options
 * @param {(upload: string) => Promise<T>} use
 * @returns {Promise<T>}
 */
export async function giveFile(base, file, options, use) {
  for (let again = true; ; again = false) {
    const sent = await sendFile(`${base}/uploads`, file, options, again);
    try {
      const result = await patiently(() => use(sent.id), options);
      await sent.forget();
      return result;
    } catch (problem) {
      if (!isGone(problem)) throw problem;
      await sent.forget();
      if (!again) throw problem;
    }
  }
}

/**
 * @param {string} endpoint @param {File} file @param {UploadOptions} options @param {boolean} resume
 * @returns {Promise<{id: string, forget: () => Promise<void>}>}
 */
async function sendFile(endpoint, file, options, resume) {
  const { signal } = options;
  const fingerprint = ['netgraft', file.name, file.size, file.lastModified].join('-');
  const upload = new Upload(file, {
    endpoint,
    chunkSize: CHUNK,
    // A small file is one request. Of a larger one the address is known before its bytes go, so that it can be cancelled.
    uploadDataDuringCreation: file.size <= CHUNK,
    retryDelays: DELAYS,
    metadata: { filename: file.name },
    fingerprint: async () => fingerprint,
  });
  const store = upload.options.urlStorage;
  const known = await upload.findPreviousUploads();
  const forget = async () => {
    for (const { urlStorageKey } of await upload.findPreviousUploads()) await store?.removeUpload(urlStorageKey);
  };
  for (const { urlStorageKey, creationTime } of (await store?.findAllUploads()) ?? []) {
    if (Date.now() - Date.parse(creationTime) > REMEMBERED) await store?.removeUpload(urlStorageKey);
  }
  const [last] = resume ? known.sort((a, b) => Date.parse(b.creationTime) - Date.parse(a.creationTime)) : [];
  // Without an endpoint an upload that cannot be asked after just now is never begun anew behind our back.
  const goOn = () => void (upload.options.endpoint = null);
  if (last) {
    upload.resumeFromPreviousUpload(last);
    goOn();
  }
  try {
    await new Promise((resolve, reject) => {
      const stop = () => {
        void upload.abort(true).catch(() => {});
        reject(new DOMException(messages.errors.cancelled, 'AbortError'));
      };
      if (signal?.aborted) return stop();
      signal?.addEventListener('abort', stop);
      Object.assign(upload.options, {
        onUploadUrlAvailable: goOn,
        onProgress: (/** @type {number} */ bytes, /** @type {number} */ all) => options.onProgress?.(all ? bytes / all : 1),
        onShouldRetry: (/** @type {Error | DetailedError} */ error) => {
          const again = isPassing(statusOf(error));
          if (again) options.onWaiting?.();
          return again;
        },
        onError: (/** @type {Error | DetailedError} */ error) => reject(problemOf(error)),
        onSuccess: resolve,
      });
      upload.start();
    });
  } catch (problem) {
    if (!last || !isGone(problem)) throw problem;
    await forget();
    return sendFile(endpoint, file, options, false);
  }
  return { id: new URL(upload.url ?? '', location.href).pathname.split('/').at(-1) ?? '', forget };
}

/**
 * Asks again while the server says that it will do what is asked, only not now.
 * @template T @param {() => Promise<T>} ask @param {UploadOptions} options @returns {Promise<T>}
 */
async function patiently(ask, { signal, onWaiting }) {
  for (const delay of [1000, 2000, 4000, 8000]) {
    try {
      return await ask();
    } catch (problem) {
      if (!(problem instanceof ApiProblem) || ![423, 503].includes(problem.status) || signal?.aborted) throw problem;
    }
    onWaiting?.();
    await new Promise((resolve) => setTimeout(resolve, delay));
  }
  return ask();
}

/** @param {Error | DetailedError} error @returns {number} 0 where nobody answered */
function statusOf(error) {
  return (error instanceof DetailedError && error.originalResponse?.getStatus()) || 0;
}

/** Whether an attempt that ended so may succeed later: a full disk, say, does not become empty by trying. @param {number} status */
function isPassing(status) {
  return status === 0 || [408, 409, 423, 429].includes(status) || (status >= 500 && status !== 507);
}

/** @param {unknown} problem */
function isGone(problem) {
  return problem instanceof ApiProblem && [404, 410].includes(problem.status) && (!problem.code || problem.code.includes('upload'));
}

/** @param {Error | DetailedError} error */
function problemOf(error) {
  const status = statusOf(error);
  if (!status) return new ApiProblem(0, messages.errors.unreachable);
  return problemFrom(status, /** @type {DetailedError} */ (error).originalResponse?.getBody() ?? '');
}
