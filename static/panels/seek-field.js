/** A field to find by words what a panel lists. */

import { html, live, nothing } from '../vendor/lit.js';

/** @param {{label: string, hint: string, words: string, seek: (words: string) => void, keyed?: (event: KeyboardEvent) => void}} field */
export function seekField({ label, hint, words, seek, keyed }) {
  return html`<input
    type="search"
    aria-label=${label}
    placeholder=${hint}
    autocomplete="off"
    spellcheck="false"
    .value=${live(words)}
    @input=${(/** @type {Event} */ event) => seek(/** @type {HTMLInputElement} */ (event.target).value)}
    @keydown=${keyed ?? nothing}
  />`;
}
