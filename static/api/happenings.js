/** The one line that says what others did just now, and over what one's own step was made. It goes by itself. */

/** @import {Happening} from "./live.js" */

import { people as t } from '../messages/people.js';

const SHOWN = 7000;

/** @typedef {{text: string, author: string, colour: number | null}} Line  colour: whose it is, null for one's own step */

export class Happenings {
  #timer = 0;
  #count = 0;

  /** @type {Line | null} */
  line = null;

  /** @param {() => void} changed */
  constructor(changed) {
    this.changed = changed;
  }

  /** Others did something. @param {readonly Happening[]} events @param {ReadonlyMap<string, number>} colours */
  heard(events, colours) {
    const told = events.filter(({ kind }) => kind !== 'layout' && kind !== 'open');
    const last = told.at(-1);
    if (!last) return;
    const together = this.line?.author === last.author && this.line.colour !== null;
    this.#count = told.length + (together ? this.#count : 0);
    const deed = t.did(last);
    const text = this.#count > 1 ? t.several(this.#count) + deed : deed;
    this.#show({ text, author: t.somebody(last.author), colour: colours.get(last.client) ?? 0 });
  }

  /** One's own step was made over what others had done meanwhile. @param {readonly {title: string, author: string, undone?: boolean}[]} over */
  rebased(over) {
    this.#count = 0;
    this.#show({ text: t.madeOver(over.map(({ author, title, undone }) => (undone ? t.wasUndone(title) : t.ofWhom(author, title)))), author: '', colour: null });
  }

  forget() {
    clearTimeout(this.#timer);
    this.#count = 0;
    this.line = null;
  }

  /** @param {Line} line */
  #show(line) {
    this.line = line;
    clearTimeout(this.#timer);
    this.#timer = Number(
      setTimeout(() => {
        this.line = null;
        this.#count = 0;
        this.changed();
      }, SHOWN),
    );
    this.changed();
  }
}
