/** A read-only text of any length: prototxt with its layers marked, or a unified diff. Only what is in view is in the page. */

import { LitElement, createRef, html, nothing, ref } from '../vendor/lit.js';
import { visibleRows } from './window.js';

const ROW = 18;
const TOKENS =
  /(#.*$)|("(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?)|([A-Za-z_][\w.]*)(?=\s*[:{<])|(-?\.?\d[\w.+-]*)|(\b(?:true|false|[A-Z][A-Z0-9_]+)\b)/g;
const CLASSES = ['comment', 'string', 'name', 'number', 'word'];

/** @typedef {{from: number, to: number, kind: "selected" | "error" | "warning"}} Mark  1-based lines, both within */

export class TextView extends LitElement {
  static properties = {
    text: { attribute: false },
    marks: { attribute: false },
    kind: {},
    label: {},
    top: { state: true },
  };

  constructor() {
    super();
    this.text = '';
    /** @type {Mark[]} */
    this.marks = [];
    /** @type {"prototxt" | "diff"} */
    this.kind = 'prototxt';
    this.label = '';
    this.top = 0;
    this.scroller = createRef();
    /** @type {string[]} */
    this.lines = [];
  }

  createRenderRoot() {
    return this;
  }

  connectedCallback() {
    super.connectedCallback();
    this.resized = new ResizeObserver(() => this.requestUpdate());
    this.resized.observe(this);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.resized?.disconnect();
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (changed.has('text')) this.lines = this.text.split(/\r?\n/);
  }

  /** @param {number} line 1-based */
  async reveal(line) {
    await this.updateComplete;
    const scroller = /** @type {HTMLElement | undefined} */ (this.scroller.value);
    if (!scroller) return;
    const place = (line - 1) * ROW - scroller.scrollTop;
    // what follows the line is what one wants to read: it moves up unless it stands well already
    if (place < 0 || place > scroller.clientHeight * 0.4) scroller.scrollTop = Math.max(0, (line - 3) * ROW);
  }

  /** @param {string} line */
  #prototxt(line) {
    const parts = [];
    let end = 0;
    for (const match of line.matchAll(TOKENS)) {
      const kind = CLASSES[match.slice(1).findIndex((group) => group !== undefined)];
      parts.push(line.slice(end, match.index), html`<span class=${`tok-${kind}`}>${match[0]}</span>`);
      end = match.index + match[0].length;
    }
    return [...parts, line.slice(end)];
  }

  /** @param {string} line @param {number} number 1-based */
  #row(line, number) {
    if (this.kind === 'diff') {
      const sort = /^(\+\+\+|---|@@)/.test(line)
        ? 'hunk'
        : line[0] === '+'
          ? 'added'
          : line[0] === '-'
            ? 'removed'
            : '';
      return html`<div class="line ${sort}">${line || ' '}</div>`;
    }
    const kinds = this.marks.filter(({ from, to }) => from <= number && number <= to).map(({ kind }) => kind);
    return html`<div class="line ${kinds.join(' ')}"><span class="line-number" aria-hidden="true">${number}</span>${this.#prototxt(line)}</div>`;
  }

  render() {
    const scroller = /** @type {HTMLElement | undefined} */ (this.scroller.value);
    const { first, last, before, after } = visibleRows(this.top, scroller?.clientHeight ?? 0, ROW, this.lines.length);
    return html`<div
      class="text-scroll"
      tabindex="0"
      role="region"
      aria-label=${this.label || nothing}
      ${ref(this.scroller)}
      @scroll=${(/** @type {Event} */ event) => (this.top = /** @type {HTMLElement} */ (event.target).scrollTop)}
    >
      <div class="text-lines">
        <svg class="spacer" width="1" height=${before} aria-hidden="true"></svg>
        ${this.lines.slice(first, last).map((line, index) => this.#row(line, first + index + 1))}
        <svg class="spacer" width="1" height=${after} aria-hidden="true"></svg>
      </div>
    </div>`;
  }
}

customElements.define('ng-text-view', TextView);
