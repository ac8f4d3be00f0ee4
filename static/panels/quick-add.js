/**
 * Adds a layer where one is looking: a short search at the pointer, after a double click on the ground or on an edge, or
 * where a wire was dropped on nothing. What is added is wired to what it was asked for.
 */

/** @import {CatalogueType} from "../api/types.js" */
/** @import {AddAt} from "../canvas/add-at.js" */

import { addHere, fitsAt } from '../commands/add-here.js';
import { drawing } from '../messages/drawing.js';
import { paletteGroups, usual } from '../model/palette.js';
import { html, nothing } from '../vendor/lit.js';
import { CataloguePanel, typeWords } from './catalogue-panel.js';
import { icons } from './icons.js';

const t = drawing.quick;
const MOST = 60;

export class QuickAdd extends CataloguePanel {
  static properties = { ...CataloguePanel.properties, place: { state: true } };

  constructor() {
    super();
    /** @type {AddAt | null} where it is open */
    this.place = null;
    this.cursor = 0;
    /** @type {(AddAt & {ground?: boolean}) | null} where the menu was asked for last */
    this.pressed = null;
    this.outside = (/** @type {Event} */ event) => {
      if (!event.composedPath().includes(/** @type {HTMLElement} */ (this.find('.quick-add')))) this.close(false);
    };
    this.asked = (/** @type {Event} */ event) => void this.open(/** @type {CustomEvent<AddAt>} */ (event).detail);
    this.menued = (/** @type {Event} */ event) => (this.pressed = /** @type {CustomEvent<AddAt & {ground?: boolean}>} */ (event).detail);
    this.here = () => void (this.pressed && this.open({ ...this.pressed, site: this.#site(this.pressed.ground) }));
  }

  connectedCallback() {
    super.connectedCallback();
    document.addEventListener('add-at', this.asked);
    document.addEventListener('context', this.menued);
    this.session.addEventListener('add-here', this.here);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    document.removeEventListener('add-at', this.asked);
    document.removeEventListener('context', this.menued);
    document.removeEventListener('pointerdown', this.outside, true);
    this.session.removeEventListener('add-here', this.here);
  }

  /** What the menu was about: the edge that is selected, or the ground. @param {boolean} [ground] @returns {AddAt['site']} */
  #site(ground = false) {
    const { model } = this.session;
    return model.picked && !ground ? { edge: model.indexOf(model.picked) } : { alone: true };
  }

  /** @param {AddAt} place */
  async open(place) {
    if (this.session.readOnly) return;
    this.place = place;
    this.query = '';
    this.cursor = 0;
    document.addEventListener('pointerdown', this.outside, true);
    await this.updateComplete;
    const box = this.find('.quick-add');
    if (!box) return;
    box.style.left = `${Math.max(4, Math.min(place.clientX - 16, innerWidth - box.offsetWidth - 8))}px`;
    box.style.top = `${Math.max(4, Math.min(place.clientY - 16, innerHeight - box.offsetHeight - 8))}px`;
    this.find('.quick-add input')?.focus();
  }

  /** @param {boolean} [back]  the focus goes back to the canvas */
  close(back = true) {
    this.place = null;
    document.removeEventListener('pointerdown', this.outside, true);
    if (back) this.canvas()?.focus();
  }

  /** Types that fit the place, the best first. @returns {CatalogueType[]} */
  get types() {
    const { place } = this;
    if (!place) return [];
    const fitting = [...this.catalogue.values()].filter((type) => fitsAt(type, place.site));
    const found = paletteGroups(fitting, this.query).flatMap((group) => group.types);
    return (this.query.trim() ? found : usual(found)).slice(0, MOST);
  }

  /** @param {CatalogueType} type @param {boolean} take */
  #add(type, take) {
    const { place } = this;
    if (!place) return;
    this.close();
    void addHere(this.session, this.canvas(), type, place, take);
  }

  /** @param {KeyboardEvent} event */
  #keys(event) {
    const { types } = this;
    const to = { ArrowDown: this.cursor + 1, ArrowUp: this.cursor - 1, PageDown: this.cursor + 6, PageUp: this.cursor - 6 }[event.key];
    if (to !== undefined) {
      this.cursor = Math.max(0, Math.min(types.length - 1, to));
      void this.updateComplete.then(() => this.find('.quick-add .palette-row.cursor')?.scrollIntoView({ block: 'nearest' }));
    } else if (event.key === 'Enter') {
      if (types[this.cursor]) this.#add(types[this.cursor], event.shiftKey);
    } else if (event.key === 'Escape' || event.key === 'Tab') this.close();
    else {
      event.stopPropagation();
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  /** @param {AddAt['site']} site */
  #title(site) {
    const { model } = this.session;
    if ('edge' in site) {
      const edge = model.graph.edges[site.edge];
      return edge ? t.between(edge.source, edge.target) : t.alone;
    }
    if ('after' in site) return t.after(site.after, model.layer(site.after)?.tops[site.top]?.name ?? '');
    return 'feeds' in site ? t.feeds(site.feeds.layer) : t.alone;
  }

  render() {
    const { place, types } = this;
    if (!place) return nothing;
    const now = types[this.cursor]?.name;
    return html`<div class="quick-add" role="dialog" aria-label=${t.label} @keydown=${this.#keys}>
      <p class="quick-title">${this.#title(place.site)}</p>
      <div class="search">
        ${icons.search}
        <input
          type="search"
          role="combobox"
          aria-label=${drawing.palette.search}
          aria-expanded="true"
          aria-controls="quick-types"
          aria-autocomplete="list"
          aria-activedescendant=${now ? `quick-${now}` : nothing}
          placeholder=${drawing.palette.placeholder}
          autocomplete="off"
          spellcheck="false"
          .value=${this.query}
          @input=${(/** @type {InputEvent} */ event) => {
            this.query = /** @type {HTMLInputElement} */ (event.target).value;
            this.cursor = 0;
            this.find('#quick-types')?.scrollTo(0, 0);
          }}
        />
      </div>
      <div id="quick-types" class="quick-types" role="listbox" aria-label=${drawing.palette.label}>
        ${types.map(
          (type, index) => html`<div
            id=${`quick-${type.name}`}
            class=${index === this.cursor ? 'palette-row cursor' : 'palette-row'}
            role="option"
            aria-selected=${index === this.cursor}
            data-family=${type.family}
            title=${type.doc}
            @pointerenter=${() => (this.cursor = index)}
            @click=${(/** @type {MouseEvent} */ event) => this.#add(type, event.shiftKey)}
          >
            ${typeWords(type)}
          </div>`,
        )}
      </div>
      ${types.length ? nothing : html`<p class="nothing">${drawing.palette.none}</p>`}
    </div>`;
  }
}

customElements.define('ng-quick-add', QuickAdd);
