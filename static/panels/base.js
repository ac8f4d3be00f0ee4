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
