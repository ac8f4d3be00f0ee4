/** Menus by mouse and by keyboard (the ARIA menu button pattern): one under a button, one where the pointer is. */

import { LitElement, html, nothing } from '../vendor/lit.js';
import { icons } from './icons.js';

/**
 * @typedef {object} MenuItem
 * @property {string} label
 * @property {string} [hint]  a second line
 * @property {string} [keys]  the key that does the same
 * @property {unknown} [icon]
 * @property {() => void} [run]
 * @property {string} [href]  a download instead of something to run
 * @property {boolean} [checked]  makes it one of a set of choices
 * @property {boolean} [many]  several of these choices may be made
 * @property {boolean} [disabled]
 * @property {boolean} [divided]  a line stands before it
 */

/** @param {MenuItem} item @param {(item: MenuItem) => void} run */
function menuEntry(item, run) {
  const body = html`<span class="menu-icon">${item.checked ? icons.ok : (item.icon ?? nothing)}</span>
    <span class="menu-text">${item.label}${item.hint ? html`<small>${item.hint}</small>` : nothing}</span>
    ${item.keys ? html`<kbd aria-hidden="true">${item.keys}</kbd>` : nothing}`;
  const kind = item.divided ? 'menu-item divided' : 'menu-item';
  if (item.href && !item.disabled) {
    return html`<a class=${kind} role="menuitem" tabindex="-1" href=${item.href} download @click=${() => run(item)}>${body}</a>`;
  }
  return html`<button
    type="button"
    class=${kind}
    role=${item.checked === undefined ? 'menuitem' : item.many ? 'menuitemcheckbox' : 'menuitemradio'}
    tabindex="-1"
    aria-checked=${item.checked === undefined ? nothing : String(item.checked)}
    aria-disabled=${item.disabled ? 'true' : nothing}
    @click=${() => !item.disabled && run(item)}
  >
    ${body}
  </button>`;
}

class MenuBase extends LitElement {
  static properties = { items: { attribute: false }, open: { state: true } };

  constructor() {
    super();
    /** @type {MenuItem[]} */
    this.items = [];
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
    await this.updateComplete;
    this.entries.at(index)?.focus();
  }

  /** @param {boolean} refocus whether the focus goes back to where it came from */
  hide(refocus = true) {
    this.open = false;
    document.removeEventListener('pointerdown', this.outside, true);
    if (refocus) this.focusBack();
  }

  focusBack() {}

  get entries() {
    const found = this.querySelectorAll('[role^="menuitem"]:not([aria-disabled="true"])');
    return /** @type {HTMLElement[]} */ ([...found]);
  }

  /** @param {KeyboardEvent} event */
  keys(event) {
    const { entries } = this;
    const at = entries.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      entries.at(to === entries.length ? 0 : to)?.focus();
    } else if (event.key === 'Escape') {
      event.preventDefault();
      this.hide();
    } else if (event.key === 'Tab') {
      this.hide();
    } else if (event.key.length === 1 && !event.ctrlKey && !event.metaKey) {
      const letter = event.key.toLowerCase();
      const next = [...entries.slice(at + 1), ...entries].find((entry) =>
        entry.querySelector('.menu-text')?.textContent?.trim().toLowerCase().startsWith(letter),
      );
      next?.focus();
    }
    event.stopPropagation();
  }

  /** @param {string} label */
  list(label) {
    const run = (/** @type {MenuItem} */ item) => {
      this.hide();
      item.run?.();
    };
    return html`<div class="menu-list" role="menu" aria-label=${label} @keydown=${this.keys}>
      ${this.items.map((item) => menuEntry(item, run))}
    </div>`;
  }
}

export class Menu extends MenuBase {
  static properties = {
    ...MenuBase.properties,
    label: {},
    hint: {},
    icon: { attribute: false },
    compact: { type: Boolean },
  };

  constructor() {
    super();
    this.label = '';
    this.hint = '';
    /** @type {unknown} */
    this.icon = null;
    this.compact = false;
  }

  focusBack() {
    this.querySelector('button')?.focus();
  }

  /** @param {KeyboardEvent} event */
  #opens(event) {
    if (this.open || (event.key !== 'ArrowDown' && event.key !== 'ArrowUp')) return;
    event.preventDefault();
    void this.show(event.key === 'ArrowDown' ? 0 : -1);
  }

  render() {
    return html`<div class="menu">
      <button
        type="button"
        class=${this.compact ? 'button icon-only' : 'button'}
        aria-haspopup="menu"
        aria-expanded=${this.open}
        aria-label=${this.label}
        title=${this.hint || nothing}
        @click=${() => (this.open ? this.hide() : void this.show(0))}
        @keydown=${this.#opens}
      >
        ${this.icon}${
          this.compact
            ? nothing
            : html`<span class="button-label">${this.label}</span><span class="chevron">${icons.chevron}</span>`
        }
      </button>
      ${this.open ? this.list(this.label) : nothing}
    </div>`;
  }
}

/** A menu at a place of the page; `at` says where. */
export class ContextMenu extends MenuBase {
  static properties = { ...MenuBase.properties, label: {} };

  constructor() {
    super();
    this.label = '';
    /** @type {HTMLElement | null} */
    this.cameFrom = null;
  }

  /** @param {number} x client px @param {number} y @param {MenuItem[]} items @param {HTMLElement | null} back what gets the focus afterwards */
  async at(x, y, items, back) {
    this.items = items;
    this.cameFrom = back;
    await this.show(0);
    const list = /** @type {HTMLElement | null} */ (this.querySelector('.menu-list'));
    if (!list) return;
    list.style.left = `${Math.max(4, Math.min(x, innerWidth - list.offsetWidth - 8))}px`;
    list.style.top = `${Math.max(4, Math.min(y, innerHeight - list.offsetHeight - 8))}px`;
  }

  focusBack() {
    this.cameFrom?.focus();
  }

  render() {
    return this.open ? this.list(this.label) : nothing;
  }
}

customElements.define('ng-menu', Menu);
customElements.define('ng-context-menu', ContextMenu);
