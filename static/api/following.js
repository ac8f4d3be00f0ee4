/**
 * What others change is fetched and shown: one fetch for a burst, after one's own edits and never in the middle of a
 * gesture. It gives way to an edit of one's own, whose answer brings everything anyway.
 */

/** @import {Happening} from "./live.js" */
/** @import {Session} from "./session.js" */

import { graphRenames } from '../model/renames.js';

/** What came in one burst is fetched once. */
const BURST = 40;
/** However long a fetch takes: others are not waited for longer than this. */
const LONGEST = 1500;
/** Tries to get document and graph of one revision while others go on editing. */
const TRIES = 4;

/** Kinds that leave the net as it is. */
const BESIDE = new Set(['layout', 'rename']);

export class Following {
  /** The version that is known to exist. */
  #wanted = 0;
  /** @type {Map<number, Happening>} what is known of the changes that are not shown yet */
  #coming = new Map();
  #timer = 0;
  /** @type {AbortController | null} */
  #underWay = null;
  /** How long the last fetch took: a large net that many work on is not fetched all the time. */
  #took = 0;

  /** @param {Session} session */
  constructor(session) {
    this.session = session;
    session.model.addEventListener('let-go', () => this.#soon());
  }

  /** Another document is shown: what was coming is of no interest. */
  forget() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    this.#underWay?.abort();
    this.#wanted = 0;
    this.#coming.clear();
  }

  /** The document is that far by now. @param {readonly Happening[]} events @param {number} version */
  heard(events, version) {
    for (const event of events) this.#coming.set(event.version, event);
    this.#wanted = Math.max(this.#wanted, version);
    this.#soon();
  }

  /** An edit of one's own comes first. */
  giveWay() {
    this.#underWay?.abort();
  }

  /** Called when an edit was answered: was there more? */
  resume() {
    this.#soon();
  }

  #soon() {
    const { info, model } = this.session;
    if (!info || this.#wanted <= info.version || model.held || this.#timer) return;
    this.#timer = Number(setTimeout(() => {
      this.#timer = 0;
      void this.session.quietly(() => this.#catchUp());
    }, Math.min(LONGEST, Math.max(BURST, this.#took))));
  }

  async #catchUp() {
    const { session } = this;
    const { info, model } = session;
    if (!info || this.#wanted <= info.version || model.held) return;
    const kinds = this.#kindsSince(info.version);
    const abort = new AbortController();
    this.#underWay = abort;
    const began = performance.now();
    try {
      if (kinds && [...kinds].every((kind) => BESIDE.has(kind))) await this.#beside(kinds, abort.signal);
      else await this.fetch(abort.signal);
      if ((!kinds || kinds.has('layout')) && !abort.signal.aborted) session.dispatchEvent(new Event('layout'));
      this.#took = performance.now() - began;
    } finally {
      if (this.#underWay === abort) this.#underWay = null;
    }
    this.#soon();
  }

  /** What happened since a version to the net's own; null where something is not known. @param {number} version */
  #kindsSince(version) {
    /** @type {Set<string>} */
    const kinds = new Set();
    for (let next = version + 1; next <= this.#wanted; next++) {
      const event = this.#coming.get(next);
      if (!event) return null;
      // one's own card moves and name are shown already
      if (event.kind !== 'layout' || event.client !== this.session.live.client) kinds.add(event.kind);
    }
    for (const known of this.#coming.keys()) if (known <= version) this.#coming.delete(known);
    return kinds;
  }

  /** Only name or picture changed. @param {Set<string>} kinds @param {AbortSignal} signal */
  async #beside(kinds, signal) {
    const { session } = this;
    const { info } = session;
    if (!info) return;
    if (kinds.has('rename')) {
      const now = await session.client.document(info.id, signal);
      if (session.info !== info) return;
      if (now.revision !== info.revision) return this.fetch(signal);
      session.info = now;
    } else session.info = { ...info, version: this.#wanted };
    session.changed();
  }

  /** Fetches document and graph and shows them. @param {AbortSignal} [signal] */
  async fetch(signal) {
    const { session } = this;
    const { client } = session;
    for (let tried = 0; tried < TRIES; tried++) {
      const { info: before, state } = session;
      if (!before) return;
      const { id } = before;
      const [info, graph] = await Promise.all([client.document(id, signal), client.graph(id, state, signal)]);
      if (session.info?.id !== id || session.state !== state) return;
      if (info.revision !== graph.revision && tried + 1 < TRIES) continue;
      if (info.version < session.info.version) return;
      const renames = graphRenames(session.graph, graph, session.selection);
      const chosen = [...session.selection].map((key) => renames.get(key) ?? key);
      session.take(info, graph);
      if (renames.size) session.select(chosen);
      return;
    }
  }
}
