/** The set of selected layers, with the lead (keyboard cursor) and the anchor (where a range began). */

import { between, byPattern, byType, reach } from './queries.js';

/** @typedef {import('./graph-model.js').GraphModel} GraphModel */

export class Selection {
  /** @type {Set<string>} */
  #keys = new Set();
  /** @type {GraphModel} */
  #model;

  /** @type {string | null} the layer that keyboard and inspector are on */
  lead = null;
  /** @type {string | null} where Shift-click ranges start */
  anchor = null;

  /** @param {GraphModel} model */
  constructor(model) {
    this.#model = model;
  }

  /** @returns {ReadonlySet<string>} */
  get keys() {
    return this.#keys;
  }

  get size() {
    return this.#keys.size;
  }

  /** @param {string} key */
  has(key) {
    return this.#keys.has(key);
  }

  /** The selected keys in file order. */
  ordered() {
    return this.#model.graph.layers.filter((layer) => this.#keys.has(layer.key)).map((layer) => layer.key);
  }

  /**
   * Selects exactly these layers; unknown keys are left out.
   * @param {Iterable<string>} keys
   * @param {string | null} [lead]  defaults to the last of them
   */
  set(keys, lead) {
    this.#replace(new Set(this.#known(keys)), lead);
  }

  /** @param {Iterable<string>} keys @param {string | null} [lead] */
  add(keys, lead) {
    const known = this.#known(keys);
    this.#replace(new Set([...this.#keys, ...known]), lead ?? known.at(-1) ?? this.lead);
  }

  /** Adds what is not selected; takes out what is, when all of them are. @param {Iterable<string>} keys */
  toggle(keys) {
    const known = this.#known(keys);
    const next = new Set(this.#keys);
    const all = known.every((key) => next.has(key));
    for (const key of known) {
      if (all) next.delete(key);
      else next.add(key);
    }
    this.#replace(next, known.at(-1) ?? this.lead);
  }

  clear() {
    this.#replace(new Set(), null);
  }

  all() {
    this.set(this.#model.graph.layers.map((layer) => layer.key), this.lead);
  }

  invert() {
    const rest = this.#model.graph.layers.filter((layer) => !this.#keys.has(layer.key));
    this.set(rest.map((layer) => layer.key));
  }

  /** Adds all that the selection reads from, near or far. */
  upstream() {
    this.add(reach(this.#model, this.#keys, 'up'), this.lead);
  }

  /** Adds all that reads the selection, near or far. */
  downstream() {
    this.add(reach(this.#model, this.#keys, 'down'), this.lead);
  }

  /**
   * Selects every layer on a path from one layer to the other, whichever comes first, and both of them.
   * @param {string} first @param {string} last
   */
  between(first, last) {
    this.#replace(new Set([...between(this.#model, first, last), first, last]), last, first);
  }

  /** Selects by a glob (`conv*`, `*_a`, `inception_3?/*`) over the layer names. @param {string} glob */
  byPattern(glob) {
    this.set(byPattern(this.#model.graph, glob));
  }

  /** @param {string} type */
  byType(type) {
    this.set(byType(this.#model.graph, type));
  }

  /** Drops keys that the graph no longer has. Called by the model when the graph changes; fires nothing. */
  prune() {
    const kept = new Set(this.#known(this.#keys));
    const changed = kept.size !== this.#keys.size;
    this.#keys = kept;
    if (this.lead !== null && !this.#model.layer(this.lead)) this.lead = null;
    if (this.anchor !== null && !this.#model.layer(this.anchor)) this.anchor = null;
    return changed;
  }

  /** @param {Iterable<string>} keys */
  #known(keys) {
    return [...keys].filter((key) => this.#model.layer(key) !== undefined);
  }

  /** @param {Set<string>} next @param {string | null} [lead] @param {string | null} [anchor] */
  #replace(next, lead, anchor) {
    const newLead = lead === undefined ? ([...next].at(-1) ?? null) : lead;
    const same =
      newLead === this.lead && next.size === this.#keys.size && [...next].every((key) => this.#keys.has(key));
    this.#keys = next;
    this.lead = newLead;
    this.anchor = anchor ?? newLead;
    if (next.size) this.#model.pick(null);
    if (!same) this.#model.dispatchEvent(new CustomEvent('selection'));
  }
}
