/** A diff of any length with numbered lines and changed words marked. Only what is in view is in the page. */

/** @import {DiffRow} from "../model/diff.js" */

import { changes as t } from '../messages/around.js';
import { changesOf, diffRows } from '../model/diff.js';
import { LitElement, createRef, html, nothing, ref } from '../vendor/lit.js';
import { visibleRows } from './window.js';

const ROW = 18;
const SIGNS = { added: '+', removed: '−', same: ' ', gap: '', note: '' };

export class DiffView extends LitElement {
  static properties = {
    text: { attribute: false },
    places: { attribute: false },
    label: {},
    top: { state: true },
  };

  constructor() {
    super();
    /** a unified diff */
    this.text = '';
    /** @type {((line: number) => string | null) | null} names what a line of the new text is part of */
    this.places = null;
    this.label = '';
    this.top = 0;
    this.scroller = createRef();
    /** @type {DiffRow[]} */
    this.rows = [];
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
    if (changed.has('text')) this.rows = diffRows(this.text);
  }

  /** Scrolls to the change after what is at the top, or to the one before. @param {1 | -1} way */
  go(way) {
    const scroller = /** @type {HTMLElement | undefined} */ (this.scroller.value);
    if (!scroller) return;
    const tops = changesOf(this.rows).map((row) => Math.max(0, (row - 2) * ROW));
    const top = Math.round(scroller.scrollTop);
    const to = way > 0 ? tops.find((place) => place > top + 1) : tops.findLast((place) => place < top - 1);
    if (to !== undefined) scroller.scrollTop = to;
  }

  /** @param {DiffRow} row */
  #words({ text, words }) {
    const parts = [];
    let end = 0;
    for (const [from, to] of words) {
      parts.push(text.slice(end, from), html`<mark>${text.slice(from, to)}</mark>`);
      end = to;
    }
    return [...parts, text.slice(end)];
  }

  /** @param {DiffRow} row */
  #row(row) {
    const { kind, old, now } = row;
    if (kind === 'gap') {
      const place = now === null ? null : this.places?.(now);
      return html`<div class="line gap"><span>${t.same(old ?? 0)}</span> ${place ? html`<b>${place}</b>` : nothing}</div>`;
    }
    return html`<div class="line ${kind}"><span class="line-number" aria-hidden="true">${old}</span><span class="line-number" aria-hidden="true">${now}</span><span class="line-sign">${SIGNS[kind]}</span>${this.#words(row)}</div>`;
  }

  render() {
    const scroller = /** @type {HTMLElement | undefined} */ (this.scroller.value);
    const { first, last, before, after } = visibleRows(this.top, scroller?.clientHeight ?? 0, ROW, this.rows.length);
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
        ${this.rows.slice(first, last).map((row) => this.#row(row))}
        <svg class="spacer" width="1" height=${after} aria-hidden="true"></svg>
      </div>
    </div>`;
  }
}

customElements.define('ng-diff-view', DiffView);
