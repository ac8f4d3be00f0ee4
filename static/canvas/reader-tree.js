/**
 * The layers as a list for screen readers and tests, beside the drawing: a listbox whose options say what the cards
 * show. It holds the keyboard focus. Of large nets only a part around the current layer is in the DOM.
 */

import { told as t } from '../messages/canvas.js';
import { formatShape, marksOf } from '../model/marks.js';

/** @typedef {import('../model/graph-model.js').GraphModel} GraphModel */
/** @typedef {import('../model/types.js').LayerCard} LayerCard */

const WHOLE = 300;
const AROUND = 60;

export class ReaderTree {
  /** @type {Map<string, HTMLElement>} */
  #options = new Map();
  /** @type {unknown} */
  #graph = null;
  #start = -1;
  /** @type {Map<string, number>} */
  #order = new Map();

  /** @param {HTMLElement} list  role=listbox */
  constructor(list) {
    this.list = list;
  }

  /** @param {GraphModel} model */
  update(model) {
    const { layers, name } = model.graph;
    const { lead } = model.selection;
    const renewed = this.#graph !== model.graph;
    if (renewed) {
      this.#graph = model.graph;
      this.#order = new Map(layers.map((layer, i) => [layer.key, i]));
      this.list.setAttribute('aria-label', t.layersOf(name));
    }
    const at = lead === null ? 0 : (this.#order.get(lead) ?? 0);
    const start = layers.length <= WHOLE ? 0 : Math.max(0, Math.floor(at / AROUND) * AROUND - AROUND);
    const end = layers.length <= WHOLE ? layers.length : Math.min(layers.length, start + 3 * AROUND);
    if (renewed || start !== this.#start) {
      this.#start = start;
      this.#fill(model, layers.slice(start, end), start, layers.length);
    }
    for (const [key, option] of this.#options) option.setAttribute('aria-selected', String(model.selection.has(key)));
    const active = lead === null ? undefined : this.#options.get(lead);
    if (active) this.list.setAttribute('aria-activedescendant', active.id);
    else this.list.removeAttribute('aria-activedescendant');
  }

  /** @param {GraphModel} model @param {LayerCard[]} layers @param {number} start @param {number} total */
  #fill(model, layers, start, total) {
    this.#options.clear();
    const options = layers.map((layer, i) => {
      const option = document.createElement('div');
      option.id = `layer-${start + i}`;
      option.setAttribute('role', 'option');
      option.setAttribute('aria-setsize', String(total));
      option.setAttribute('aria-posinset', String(start + i + 1));
      option.dataset.key = layer.key;
      option.textContent = describe(layer, model);
      this.#options.set(layer.key, option);
      return option;
    });
    this.list.replaceChildren(...options);
  }
}

/** A layer in one line, as its card shows it. @param {LayerCard} layer @param {GraphModel} model */
export function describe(layer, model) {
  const shape = layer.tops.map((top) => formatShape(top.shape)).filter(Boolean).join(', ');
  const parts = [
    layer.name,
    layer.type,
    layer.summary,
    layer.bottoms.length > 0 ? t.reads(layer.bottoms.join(', ')) : '',
    shape ? t.makes(shape) : '',
    layer.phases.length === 1 ? t.only(layer.phases[0]) : '',
    layer.active ? '' : t.elsewhere,
    ...marksOf(layer, (group) => model.groupColour(group)).map((mark) => mark.says),
  ];
  return parts.filter(Boolean).join(', ');
}
