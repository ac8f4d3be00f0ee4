/** All layers in file order, to filter and to select from: the way round the net for those who do not use the canvas. */

/** @import {LayerCard} from "../model/types.js" */

import { views } from '../commands/views.js';
import { messages } from '../messages.js';
import { people } from '../messages/people.js';
import { createRef, html, nothing, ref } from '../vendor/lit.js';
import { Panel } from './base.js';
import { icons } from './icons.js';
import { toCanvas } from './keyboard.js';
import { scrollToRow, visibleRows } from './window.js';

const t = messages.layerList;
const ROW = 28;

export class LayerList extends Panel {
  static properties = { ...Panel.properties, filter: { state: true }, top: { state: true }, cursor: { state: true } };

  constructor() {
    super();
    this.filter = '';
    /** The net that the filter was typed for. */
    this.document = '';
    this.top = 0;
    /** px of the rows in view, noted as it changes: to ask in the midst of an update lays the page out once more */
    this.height = 0;
    /** What was sought last, and what it found. */
    this.found = { layers: /** @type {readonly LayerCard[]} */ ([]), filter: '', rows: /** @type {readonly LayerCard[]} */ ([]) };
    /** @type {string | null} the row that the keyboard is on */
    this.cursor = null;
    /** Its place, for when the layer goes. */
    this.place = -1;
    /** @type {string | null} where a range by shift began */
    this.anchor = null;
    this.scroller = createRef();
    this.onReveal = (/** @type {Event} */ event) =>
      this.#bringIn(/** @type {CustomEvent<string[]>} */ (event).detail[0]);
  }

  connectedCallback() {
    super.connectedCallback();
    this.session.addEventListener('reveal', this.onReveal);
    this.resized = new ResizeObserver(() => {
      this.height = this.scroller.value?.clientHeight ?? 0;
      this.requestUpdate();
    });
    if (this.scroller.value) this.resized.observe(this.scroller.value);
  }

  firstUpdated() {
    if (this.scroller.value) this.resized?.observe(this.scroller.value);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.session.removeEventListener('reveal', this.onReveal);
    this.resized?.disconnect();
  }

  /** Puts the cursor into the filter, as Ctrl+F and / do. */
  search() {
    const field = /** @type {HTMLInputElement | null} */ (this.find('input'));
    field?.focus();
    field?.select();
  }

  /** Layers whose name, type or top fits the filter: all words, anywhere; `*` stands for anything. */
  get rows() {
    const { layers } = this.session.graph;
    const { found, filter } = this;
    if (found.layers !== layers || found.filter !== filter) this.found = { layers, filter, rows: this.#sought(layers) };
    return this.found.rows;
  }

  /** @param {readonly LayerCard[]} layers */
  #sought(layers) {
    const words = this.filter.toLowerCase().split(/\s+/).filter(Boolean);
    if (!words.length) return layers;
    const tests = words.map((word) => new RegExp(word.split('*').map(escape).join('.*')));
    return layers.filter((layer) => {
      const text = `${layer.key} ${layer.type} ${layer.tops.map((top) => top.name).join(' ')}`.toLowerCase();
      return tests.every((test) => test.test(text));
    });
  }

  /** Another net is listed by the filter that it had; where a layer went, the keyboard goes on from the one that took its place. */
  willUpdate() {
    const { graph, model } = this.session;
    if (graph.document !== this.document) {
      this.document = graph.document;
      this.filter = views.filter(graph.document);
      this.cursor = this.anchor = null;
    }
    const { rows } = this;
    if (this.cursor !== null && !model.layer(this.cursor)) this.cursor = rows[Math.min(this.place, rows.length - 1)]?.key ?? null;
    this.place = rows.findIndex((layer) => layer.key === this.cursor);
  }

  /** What can be done with the row under the pointer, or with the one that the keyboard is on. @param {MouseEvent | KeyboardEvent} event */
  async #menu(event) {
    event.preventDefault();
    const pointed = event instanceof MouseEvent && event.button === 2;
    const { target, clientX: x, clientY: y } = /** @type {MouseEvent & {target: Element}} */ (event);
    const key = pointed ? /** @type {HTMLElement | null} */ (target.closest('.layer-row'))?.dataset.key : this.cursor;
    if (!key) return;
    this.cursor = key;
    if (!pointed) this.#bringIn(key);
    await this.updateComplete;
    const { left = 0, bottom = 0 } = this.find('.layer-row.cursor')?.getBoundingClientRect() ?? {};
    const detail = { key, clientX: pointed ? x : left + ROW, clientY: pointed ? y : bottom, back: this.scroller.value };
    this.dispatchEvent(new CustomEvent('context', { detail, bubbles: true }));
  }

  /** The keyboard comes to what is selected, or to the top; under a press the rows stand still. @param {FocusEvent} event */
  #enter({ target }) {
    if (this.cursor === null && /** @type {Element} */ (target).matches(':focus-visible')) this.#bringIn([...this.session.selection][0] ?? this.rows[0]?.key);
  }

  /** @param {string} filter */
  #filterBy(filter) {
    this.filter = filter;
    views.keep(this.document, { filter });
  }

  /** @param {string | undefined} key */
  #bringIn(key) {
    const index = this.rows.findIndex((layer) => layer.key === key);
    const scroller = /** @type {HTMLElement | undefined} */ (this.scroller.value);
    if (index < 0 || !scroller) return;
    this.cursor = key ?? null;
    scrollToRow(scroller, index, ROW);
  }

  /** @param {LayerCard} layer @param {MouseEvent | KeyboardEvent} event */
  #choose(layer, event) {
    const rows = this.rows;
    this.cursor = layer.key;
    if (event.shiftKey && this.anchor) {
      const [from, to] = [this.anchor, layer.key].map((key) => rows.findIndex((row) => row.key === key));
      if (from !== undefined && to !== undefined && from >= 0) {
        const range = rows.slice(Math.min(from, to), Math.max(from, to) + 1);
        this.session.select(range.map((row) => row.key));
        this.session.reveal([layer.key]);
        return;
      }
    }
    this.anchor = layer.key;
    if (event.ctrlKey || event.metaKey) {
      const keys = new Set(this.session.selection);
      if (!keys.delete(layer.key)) keys.add(layer.key);
      this.session.select(keys);
    } else {
      this.session.select([layer.key], { reveal: true });
    }
  }

  /** @param {KeyboardEvent} event */
  #keys(event) {
    if (event.altKey) return; // the page's: up or down in the file
    const rows = this.rows;
    const at = rows.findIndex((layer) => layer.key === this.cursor);
    if (event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey)) return void this.#menu(event);
    const page = 10;
    const to = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      PageDown: at + page,
      PageUp: at - page,
      Home: 0,
      End: rows.length - 1,
    }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      const layer = rows[Math.max(0, Math.min(rows.length - 1, to))];
      if (!layer) return;
      if (event.ctrlKey || event.metaKey) this.#bringIn(layer.key);
      else this.#choose(layer, event);
    } else if (event.key === ' ' && rows[at]) {
      event.preventDefault();
      this.#choose(rows[at], new KeyboardEvent('keydown', { ctrlKey: true }));
    } else if (event.key === 'Enter' && rows[at]) {
      event.preventDefault();
      this.#choose(rows[at], event);
    } else if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'a') {
      event.preventDefault();
      event.stopPropagation();
      this.session.select(rows.map((layer) => layer.key));
    }
  }

  #selectFound() {
    this.session.select(this.rows.map((layer) => layer.key), { reveal: true });
  }

  /** @param {KeyboardEvent} event */
  #filterKeys(event) {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      this.#selectFound();
    } else if (event.key === 'Escape') {
      event.preventDefault();
      if (this.filter) event.stopPropagation();
      else toCanvas();
      this.#filterBy('');
    } else if (event.key === 'Enter' || event.key === 'ArrowDown') {
      event.preventDefault();
      const first = this.rows[0];
      if (!first) return;
      this.#choose(first, new KeyboardEvent('keydown'));
      /** @type {HTMLElement | undefined} */ (this.scroller.value)?.focus();
    }
  }

  /** Who else has a layer selected. @param {string} key */
  #others(key) {
    const found = this.session.live.others.filter(({ selection }) => selection.includes(key));
    if (!found.length) return nothing;
    const words = people.selectedBy(found.map(({ name }) => name));
    return html`<span class="row-people" title=${words}>${found.slice(0, 3).map(({ colour }) => html`<span class="person-dot" data-person=${colour}></span>`)}<span class="visually-hidden">${words}</span></span>`;
  }

  /** @param {LayerCard} layer @param {number} index @param {number} count */
  #row(layer, index, count) {
    const selected = this.session.selection.has(layer.key);
    const { error, warning } = layer.problems;
    const shared = layer.blobs.some((blob) => blob.group);
    const frozen = layer.blobs.length > 0 && layer.blobs.every((blob) => blob.lr === 0);
    const classes = [
      'layer-row',
      selected && 'selected',
      layer.key === this.cursor && 'cursor',
      !layer.active && 'inactive',
    ];
    return html`<div
      id=${`row-${index}`}
      class=${classes.filter(Boolean).join(' ')}
      role="option"
      aria-selected=${selected}
      aria-posinset=${index + 1}
      aria-setsize=${count}
      data-key=${layer.key}
      data-family=${layer.family}
      title=${layer.active ? layer.key : t.inactive(layer.phases)}
      @click=${(/** @type {MouseEvent} */ event) => this.#choose(layer, event)}
    >
      <span class="family-bar"></span>
      <span class="layer-name">${layer.key}</span>
      ${this.#others(layer.key)}
      ${layer.phases.length === 1 ? html`<span class="phase-tag">${layer.phases[0]}</span>` : nothing}
      ${shared ? html`<span class="tiny" title=${t.shared}>${icons.link}<span class="visually-hidden">${t.shared}</span></span>` : nothing}
      ${frozen ? html`<span class="tiny" title=${t.frozen}>${icons.freeze}<span class="visually-hidden">${t.frozen}</span></span>` : nothing}
      ${
        error
          ? html`<span class="tiny severity-error" title=${t.errors(error)}>${icons.error}<span class="visually-hidden">${t.errors(error)}</span></span>`
          : warning
            ? html`<span class="tiny severity-warning" title=${t.warnings(warning)}>${icons.warning}<span class="visually-hidden">${t.warnings(warning)}</span></span>`
            : nothing
      }
      <span class="layer-type">${layer.type}</span>
    </div>`;
  }

  render() {
    const rows = this.rows;
    const all = this.session.graph.layers.length;
    const scroller = /** @type {HTMLElement | undefined} */ (this.scroller.value);
    const { first, last, before, after } = visibleRows(this.top, this.height, ROW, rows.length);
    const at = rows.findIndex((layer) => layer.key === this.cursor);
    return html`<div class="search" role="search">
        ${icons.search}
        <input
          type="search"
          aria-label=${t.filter}
          placeholder=${t.placeholder}
          autocomplete="off"
          spellcheck="false"
          .value=${this.filter}
          @input=${(/** @type {InputEvent} */ event) => {
            this.#filterBy(/** @type {HTMLInputElement} */ (event.target).value);
            if (scroller) scroller.scrollTop = 0;
          }}
          @keydown=${this.#filterKeys}
        />
        ${this.filter ? html`<output class=${rows.length ? 'found visually-hidden' : 'found'}>${t.found(rows.length, all)}</output>` : html`<kbd>/</kbd>`}
        ${
          this.filter && rows.length
            ? html`<button type="button" class="button small quiet select-found" title=${`${t.found(rows.length, all)}. ${t.selectFoundHint}`} @click=${() => this.#selectFound()}>${t.selectFound(rows.length)}</button>`
            : nothing
        }
      </div>
      <div
        class="layer-rows"
        role="listbox"
        tabindex="0"
        aria-label=${t.title}
        aria-multiselectable="true"
        aria-activedescendant=${at >= first && at < last ? `row-${at}` : nothing}
        ${ref(this.scroller)}
        @scroll=${(/** @type {Event} */ event) => (this.top = /** @type {HTMLElement} */ (event.target).scrollTop)}
        @keydown=${this.#keys}
        @focus=${this.#enter}
        @contextmenu=${this.#menu}
      >
        <svg class="spacer" role="presentation" width="1" height=${before} aria-hidden="true"></svg>
        ${rows.slice(first, last).map((layer, index) => this.#row(layer, first + index, rows.length))}
        <svg class="spacer" role="presentation" width="1" height=${after} aria-hidden="true"></svg>
        ${rows.length || !this.filter ? nothing : html`<p class="nothing" role="presentation">${t.none}</p>`}
      </div>`;
  }
}

/** @param {string} text */
function escape(text) {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

customElements.define('ng-layer-list', LayerList);
