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

  /** @param {Map<PropertyKey, unknown>} changed */
  update(changed) {
    const { activeElement } = document;
    const had = activeElement instanceof HTMLElement && this.contains(activeElement) ? activeElement : null;
    super.update(changed);
    if (had && (!had.isConnected || had.matches(':disabled'))) queueMicrotask(() => this.#goOn(had));
  }

  /** What the keyboard was on is gone: it goes on nearby, and not from the top of the page. @param {HTMLElement} had */
  #goOn(had) {
    if (document.activeElement !== document.body && document.activeElement !== had) return;
    const beside = had.isConnected ? [had.nextElementSibling, had.previousElementSibling] : [];
    const tab = this.closest('[role="tabpanel"]')?.getAttribute('aria-labelledby');
    const next = beside.find((one) => one?.matches('button:not(:disabled)')) ?? (tab ? document.getElementById(tab) : null);
    if (next instanceof HTMLElement) next.focus();
  }

  get #heeds() {
    return /** @type {typeof Panel} */ (this.constructor).heeds;
  }

  /** @param {string} selector @returns {HTMLElement | null} */
  find(selector) {
    return this.querySelector(selector);
  }
}
