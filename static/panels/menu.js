/** A button with a list of things to do under it, by mouse and by keyboard (the ARIA menu button pattern). */

import { LitElement, html, nothing } from '../vendor/lit.js';
import { icons } from './icons.js';

/**
 * @typedef {object} MenuItem
 * @property {string} label
 * @property {string} [hint] a second line
 * @property {unknown} [icon]
 * @property {() => void} [run]
 * @property {string} [href] a download instead of something to run
 * @property {boolean} [checked] makes it one of a set of choices
 * @property {boolean} [disabled]
 * @property {boolean} [heading] not an item but a title over those that follow
 */

export class Menu extends LitElement {
  static properties = {
    label: {},
    hint: {},
    icon: { attribute: false },
    items: { attribute: false },
    compact: { type: Boolean },
    disabled: { type: Boolean },
    open: { state: true },
  };

  constructor() {
    super();
    this.label = '';
    this.hint = '';
    /** @type {unknown} */
    this.icon = null;
    /** @type {MenuItem[]} */
    this.items = [];
    this.compact = false;
    this.disabled = false;
    this.open = false;
    this.outside = (/** @type {Event} */ event) => {
      if (!event.composedPath().includes(this)) this.hide(false);
    };
  }

  createRenderRoot() {
    return this;
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    document.removeEventListener('pointerdown', this.outside, true);
  }

  /** @param {number} index which item to start on; -1 is the last */
  async show(index) {
    this.open = true;
    document.addEventListener('pointerdown', this.outside, true);
    this.dispatchEvent(new Event('menu-open'));
    await this.updateComplete;
    this.#entries.at(index)?.focus();
  }

  /** @param {boolean} refocus */
  hide(refocus = true) {
    this.open = false;
    document.removeEventListener('pointerdown', this.outside, true);
    if (refocus) this.querySelector('button')?.focus();
  }

  get #entries() {
    return /** @type {HTMLElement[]} */ ([...this.querySelectorAll('[role^="menuitem"]:not([aria-disabled="true"])')]);
  }

  /** @param {KeyboardEvent} event */
  #keys(event) {
    if (!this.open) {
      if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
        event.preventDefault();
        void this.show(event.key === 'ArrowDown' ? 0 : -1);
      }
      return;
    }
    const entries = this.#entries;
    const at = entries.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      entries.at(to === entries.length ? 0 : to)?.focus();
    } else if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      this.hide();
    } else if (event.key === 'Tab') {
      this.hide(false);
    }
  }

  /** @param {MenuItem} item */
  #run(item) {
    this.hide();
    item.run?.();
  }

  /** @param {MenuItem} item */
  #entry(item) {
    if (item.heading) return html`<div class="menu-heading" role="presentation">${item.label}</div>`;
    const body = html`<span class="menu-icon">${item.checked ? icons.ok : (item.icon ?? nothing)}</span>
      <span class="menu-text">${item.label}${item.hint ? html`<small>${item.hint}</small>` : nothing}</span>`;
    if (item.href && !item.disabled) {
      return html`<a class="menu-item" role="menuitem" tabindex="-1" href=${item.href} download @click=${() => this.#run(item)}>${body}</a>`;
    }
    const role = item.checked === undefined ? 'menuitem' : 'menuitemradio';
    return html`<button
      type="button"
      class="menu-item"
      role=${role}
      tabindex="-1"
      aria-checked=${item.checked === undefined ? nothing : String(item.checked)}
      aria-disabled=${item.disabled ? 'true' : nothing}
      @click=${() => !item.disabled && this.#run(item)}
    >
      ${body}
    </button>`;
  }

  render() {
    return html`<div class="menu" @keydown=${this.#keys}>
      <button
        type="button"
        class="button"
        aria-haspopup="menu"
        aria-expanded=${this.open}
        aria-label=${this.label}
        title=${this.hint || nothing}
        ?disabled=${this.disabled}
        @click=${() => (this.open ? this.hide() : void this.show(0))}
      >
        ${this.icon}<span class=${this.compact ? 'visually-hidden' : 'button-label'}>${this.label}</span>
        ${this.compact ? nothing : html`<span class="chevron">${icons.chevron}</span>`}
      </button>
      ${
        this.open
          ? html`<div class="menu-list" role="menu" aria-label=${this.label}>${this.items.map((item) => this.#entry(item))}</div>`
          : nothing
      }
    </div>`;
  }
}

customElements.define('ng-menu', Menu);
