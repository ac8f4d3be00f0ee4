/** All layer types by family, to search, to drag onto the canvas and to add by keyboard. */

/** @import {CatalogueType} from "../api/types.js" */

import { addLayer, fitsBetween, readsSomething } from '../commands/drawing.js';
import { drawing } from '../messages/drawing.js';
import { paletteGroups } from '../model/palette.js';
import { html, nothing } from '../vendor/lit.js';
import { CataloguePanel, typeWords } from './catalogue-panel.js';
import { icons } from './icons.js';
import { dragOut } from './drag-out.js';
import { toCanvas } from './keyboard.js';

const t = drawing.palette;

export class Palette extends CataloguePanel {
  constructor() {
    super();
    /** @type {string | null} the type that the keyboard is on */
    this.cursor = null;
  }

  /** Puts the cursor into the search. */
  search() {
    const field = /** @type {HTMLInputElement | null} */ (this.find('input'));
    field?.focus();
    field?.select();
  }

  get groups() {
    return paletteGroups(this.catalogue.values(), this.query);
  }

  /** @param {CatalogueType} type @param {boolean} take */
  #add(type, take) {
    void addLayer(this.session, type, { take });
  }

  /** @param {KeyboardEvent} event */
  #keys(event) {
    const types = this.groups.flatMap((group) => group.types);
    const at = types.findIndex((type) => type.name === this.#current(types));
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + 8, PageUp: at - 8 }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      const type = types[Math.max(0, Math.min(types.length - 1, to))];
      if (!type) return;
      this.cursor = type.name;
      void this.updateComplete.then(() => this.find('.palette-row.cursor')?.scrollIntoView({ block: 'nearest' }));
    } else if (event.key === 'Enter' && types[at]) {
      event.preventDefault();
      this.#add(types[at], event.shiftKey);
    } else if (event.key === 'Escape') {
      event.preventDefault();
      if (this.query) event.stopPropagation();
      else toCanvas();
      this.query = '';
    }
  }

  /** The type that Enter adds: the one last gone to, or the first found. @param {CatalogueType[]} types */
  #current(types) {
    return types.some((type) => type.name === this.cursor) ? this.cursor : (types[0]?.name ?? null);
  }

  /** @param {CatalogueType} type @param {PointerEvent} event */
  #press(type, event) {
    if (event.button !== 0) return;
    this.cursor = type.name;
    dragOut(event, {
      label: type.name,
      family: type.family,
      over: (x, y) => this.canvas()?.aim(x, y, `+ ${type.name}`, { edge: fitsBetween(type), layer: readsSomething(type) }) ?? null,
      words: (place) => this.#where(type, place),
      leave: () => this.canvas()?.unaim(),
      drop: (place, { shiftKey }) => {
        const { edge, layer } = place;
        const alone = edge === undefined && layer === undefined;
        const first = this.session.graph.layers.length === 0; // the view comes to it, wherever it fell
        const added = addLayer(this.session, type, { edge, layer, alone, take: shiftKey });
        void added.then((result) => {
          const [key] = result?.report?.added ?? [];
          if (alone && key && !first) void this.canvas()?.put(key, place.x, place.y);
        });
      },
    });
  }

  /** @param {CatalogueType} type @param {string | null} now */
  #row(type, now) {
    return html`<div
      id=${`type-${type.name}`}
      class=${type.name === now ? 'palette-row cursor' : 'palette-row'}
      role="option"
      aria-selected=${type.name === now}
      data-family=${type.family}
      data-type=${type.name}
      title=${type.doc}
      @pointerdown=${(/** @type {PointerEvent} */ event) => this.#press(type, event)}
      @dblclick=${(/** @type {MouseEvent} */ event) => this.#add(type, event.shiftKey)}
    >
      ${typeWords(type)}
    </div>`;
  }

  /** What would come of a drop. @param {CatalogueType} type @param {import("../canvas/drop.js").Drop} place */
  #where(type, { edge, layer }) {
    const { edges } = this.session.graph;
    if (edge !== undefined) return t.where.between(edges[edge].source, edges[edge].target);
    if (layer !== undefined) return t.where.after(layer);
    return readsSomething(type) ? t.where.alone : t.where.source;
  }

  #hint() {
    const [first, ...more] = this.session.selected;
    const { picked } = this.session.model;
    if (picked) return t.hint.edge(picked.source, picked.target);
    if (!first) return t.hint.none;
    return more.length ? t.hint.many(more.length + 1) : t.hint.one(first.name);
  }

  render() {
    const groups = this.groups;
    const now = this.#current(groups.flatMap((group) => group.types));
    return html`<div class="search" role="search">
        ${icons.search}
        <input
          type="search"
          role="combobox"
          aria-label=${t.search}
          aria-expanded="true"
          aria-controls="palette-types"
          aria-autocomplete="list"
          aria-activedescendant=${now ? `type-${now}` : nothing}
          placeholder=${t.placeholder}
          autocomplete="off"
          spellcheck="false"
          .value=${this.query}
          @input=${(/** @type {InputEvent} */ event) => {
            this.query = /** @type {HTMLInputElement} */ (event.target).value;
            this.cursor = null;
            this.find('#palette-types')?.scrollTo(0, 0);
          }}
          @keydown=${this.#keys}
        />
        <kbd>A</kbd>
      </div>
      <div
        id="palette-types"
        class="palette-types"
        role="listbox"
        tabindex="0"
        aria-label=${t.label}
        aria-activedescendant=${now ? `type-${now}` : nothing}
        @keydown=${this.#keys}
      >
        ${groups.map(
          ({ family, types }) => html`<div role="group" aria-labelledby=${`family-${family}`}>
            <div id=${`family-${family}`} class="palette-family" role="presentation">${t.families[family]}</div>
            ${types.map((type) => this.#row(type, now))}
          </div>`,
        )}
        ${groups.length ? nothing : html`<p class="nothing" role="presentation">${t.none}</p>`}
      </div>
      <p class="palette-hint">${this.#hint()}</p>`;
  }
}

customElements.define('ng-palette', Palette);
