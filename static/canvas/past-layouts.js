/** The layouts that a net had lately: what undo brings back stands where it stood. */

import { sameArrangement } from './arrange.js';

/** @typedef {import('../layout/types.js').LayoutInput} LayoutInput */
/** @typedef {import('../layout/types.js').LayoutResult} LayoutResult */
/** @typedef {{ids: readonly string[], input: LayoutInput, layout: LayoutResult}} Past */

const MOST = 8;

export class PastLayouts {
  /** @type {Past[]} the last one last */
  #past = [];

  clear() {
    this.#past = [];
  }

  /** @param {readonly string[]} ids  of the cards @param {LayoutInput} input @param {LayoutResult} layout */
  keep(ids, input, layout) {
    const { hints: _, ...plain } = input;
    this.#past = this.#past.filter((one) => one.layout !== layout);
    this.#past.push({ ids, input: plain, layout });
    if (this.#past.length > MOST) this.#past.shift();
  }

  /** The last layout of just these cards, sizes and edges. @param {readonly string[]} ids @param {LayoutInput} input @returns {LayoutResult | null} */
  of(ids, input) {
    const found = this.#past.findLast((one) => one.ids.length === ids.length && sameArrangement(one.input, input) && one.ids.every((id, i) => id === ids[i]));
    return found?.layout ?? null;
  }
}
