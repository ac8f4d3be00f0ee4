/** Short messages above the page; those that tell of an error stay until they are closed. */

/** @import {ProblemPlace} from "./types.js" */

import { messages } from '../messages.js';
import { ApiProblem } from './client.js';

/**
 * @typedef {object} Notice
 * @property {"error" | "warning" | "info" | "ok"} kind
 * @property {string} title
 * @property {string} [detail]
 * @property {ProblemPlace[]} [places]
 * @property {{label: string, run: () => void}} [action]
 */

const MS_SHOWN = 8000;

export class Notices {
  #next = 1;

  /** @param {() => void} changed @param {(words: string) => void} [say]  reads aloud what is no alert @param {number} [shownFor] ms */
  constructor(changed, say = () => {}, shownFor = MS_SHOWN) {
    this.shownFor = shownFor;
    this.say = say;
    this.changed = changed;
    /** @type {(Notice & {id: number})[]} */
    this.shown = [];
    this.held = false;
    /** @type {Set<number>} those whose time came while all were held */
    this.over = new Set();
  }

  /** @param {Notice} notice @returns {number} the id to close it by */
  add(notice) {
    const id = this.#next++;
    // what was done last is the one step that "Undo" takes back, so it stands alone
    const over = (/** @type {Notice} */ other) =>
      (notice.kind === 'ok' && other.kind === 'ok') || (other.title === notice.title && other.detail === notice.detail);
    this.shown = [...this.shown.filter((other) => !over(other)), { ...notice, id }].slice(-4);
    if (notice.kind === 'ok' || notice.kind === 'info') setTimeout(() => (this.held ? this.over.add(id) : this.close(id)), this.shownFor);
    if (notice.kind === 'error') this.changed();
    else this.say([notice.title, notice.detail].filter(Boolean).join(' '));
    return id;
  }

  /** While somebody is at them, none goes by itself. @param {boolean} held */
  hold(held) {
    this.held = held;
    if (held) return;
    for (const id of this.over) this.close(id);
    this.over.clear();
  }

  /** What was said of another net is over; so is what was said of a step that is not the last, or of files given before. @param {'ok' | 'error'} [kind] */
  clear(kind) {
    this.shown = kind ? this.shown.filter((notice) => notice.kind !== kind) : [];
  }

  /** The server answers: that it did not is over. @returns {boolean} whether it had been said */
  reached() {
    const left = this.shown.filter((notice) => notice.title !== messages.errors.unreachable);
    const over = left.length < this.shown.length;
    this.shown = left;
    return over;
  }

  /** @param {number} id */
  close(id) {
    const left = this.shown.filter((notice) => notice.id !== id);
    if (left.length === this.shown.length) return;
    this.shown = left;
    this.changed();
  }

  /** @param {unknown} error */
  problem(error) {
    if (error instanceof ApiProblem) {
      const { code, detail, places } = error;
      // HTTP's phrase for the status would tell people nothing: what the code stands for does
      const known = messages.errors.titles[/** @type {keyof typeof messages.errors.titles} */ (code)];
      const title = known ?? (detail || error.title);
      this.add({ kind: 'error', title, detail: known && !places.length ? detail : undefined, places });
    } else {
      console.error(error);
      this.add({ kind: 'error', title: messages.errors.generic, detail: String(error) });
    }
  }
}
