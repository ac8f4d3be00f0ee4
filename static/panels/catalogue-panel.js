/** What panels that offer layer types have in common: the catalogue, the canvas that takes what is added, and a search. */

/** @import {CatalogueType} from "../api/types.js" */
/** @import {NetCanvas} from "../canvas/net-canvas.js" */

import { html } from '../vendor/lit.js';
import { Panel } from './base.js';

export class CataloguePanel extends Panel {
  static properties = {
    ...Panel.properties,
    catalogue: { attribute: false },
    canvas: { attribute: false },
    query: { state: true },
    cursor: { state: true },
  };

  constructor() {
    super();
    /** @type {Map<string, CatalogueType>} */
    this.catalogue = new Map();
    /** @type {() => NetCanvas | null} */
    this.canvas = () => null;
    this.query = '';
  }
}

/** What a row says of a type. @param {CatalogueType} type */
export function typeWords(type) {
  return html`<span class="family-bar"></span>
    <span class="palette-words"><b>${type.name}</b><small>${type.doc}</small></span>`;
}
