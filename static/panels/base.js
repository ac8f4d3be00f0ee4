/** What all panels have in common: they live in the page's own DOM (one style sheet, ids and labels that reach across) and follow the session. */

/** @import {Session} from "../api/session.js" */

import { LitElement } from '../vendor/lit.js';

export class Panel extends LitElement {
  static properties = { session: { attribute: false } };

  constructor() {
    super();
    /** @type {Session} set by the app before the panel is connected */
    this.session = /** @type {any} */ (undefined);
    this.follow = () => this.requestUpdate();
  }

  createRenderRoot() {
    return this;
  }

  connectedCallback() {
    super.connectedCallback();
    this.session.addEventListener('change', this.follow);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.session.removeEventListener('change', this.follow);
  }

  /** @param {string} selector @returns {HTMLElement | null} */
  find(selector) {
    return this.querySelector(selector);
  }
}

/** @param {number[] | null | undefined} shape @returns {string} "20×1×5×5"; "?" where nobody knows */
export function shapeText(shape) {
  if (!shape) return '?';
  return shape.length ? shape.join('×') : 'scalar';
}

/** @param {number} value @returns {string} as short as it can be: 0.001, 1e-5, 10 */
export function numberText(value) {
  const exact = Number(value.toPrecision(6));
  return String(exact);
}

/** @param {number} count @returns {string} with thin thousands: 1 234 567 */
export function countText(count) {
  return count.toLocaleString('en').replaceAll(',', '\u2009');
}

/** @param {number} bytes */
export function sizeText(bytes) {
  if (bytes < 1000) return `${bytes} B`;
  const units = ['kB', 'MB', 'GB'];
  let value = bytes / 1000;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}
