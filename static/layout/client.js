/** Lays out small nets at once and large ones in a worker, so that the page never waits. */

import { layoutGraph } from './layered.js';

/** @typedef {import('./types.js').LayoutInput} LayoutInput */
/** @typedef {import('./types.js').LayoutResult} LayoutResult */

/**
 * Up to this many nodes (2,000 layers or so) a layout takes some 20 ms, the first time 40: no more than the way to the
 * worker and back with a net's arrays, while somebody waits for the picture.
 */
const AT_ONCE = 600;

/** @type {Worker | null} */
let worker = null;
let last = 0;
/** @type {Map<number, {resolve: (result: LayoutResult) => void, reject: (error: Error) => void}>} */
const waiting = new Map();

/**
 * @param {LayoutInput} input
 * @returns {LayoutResult | Promise<LayoutResult>}
 */
export function requestLayout(input) {
  if (input.widths.length <= AT_ONCE || typeof Worker === 'undefined') return layoutGraph(input);
  const id = ++last;
  const answer = /** @type {Promise<LayoutResult>} */ (
    new Promise((resolve, reject) => waiting.set(id, { resolve, reject }))
  );
  warmUp().postMessage({ id, input });
  return answer;
}

/** Starts the worker; worth calling while the graph is still on its way. */
export function warmUp() {
  if (worker) return worker;
  worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
  worker.addEventListener('message', (event) => {
    const { id, result, error } = event.data;
    const call = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) call?.resolve(result);
    else call?.reject(new Error(error));
  });
  worker.addEventListener('error', (event) => {
    for (const call of waiting.values()) call.reject(new Error(event.message || 'the layout worker failed'));
    waiting.clear();
    worker = null;
  });
  return worker;
}
