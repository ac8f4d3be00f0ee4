/** What all panels have in common: they live in the page's own DOM (one style sheet, ids and labels that reach across) and follow the session. */

/** @import {Session} from "../api/session.js" */

import { LitElement } from '../vendor/lit.js';

export class Panel extends LitElement {
  static properties = { session: { attribute: false } };
  /** Events of the session after which it is drawn anew. */
  static heeds = ['change'];

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
    for (const what of this.#heeds) this.session.addEventListener(what, this.follow);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    for (const what of this.#heeds) this.session.removeEventListener(what, this.follow);
  }

  get #heeds() {
    return /** @type {typeof Panel} */ (this.constructor).heeds;
  }

  /** @param {string} selector @returns {HTMLElement | null} */
  find(selector) {
    return this.querySelector(selector);
  }
}
