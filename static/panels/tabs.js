/** A row of tabs by mouse and by arrow keys (the ARIA tabs pattern); what stands beside them is not part of the list. */

import { html } from '../vendor/lit.js';

/**
 * @template {string} T
 * @param {object} options
 * @param {string} options.prefix  of the tabs' ids
 * @param {string} options.panel  id of the panel that they switch
 * @param {string} options.label
 * @param {readonly (readonly [T, unknown])[]} options.tabs  name and text
 * @param {T} options.now
 * @param {(tab: T) => void} options.choose
 * @param {unknown} [options.beside]
 */
export function tabRow({ prefix, panel, label, tabs, now, choose, beside }) {
  const keys = (/** @type {KeyboardEvent} */ event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const names = tabs.map(([name]) => name);
    const next = names.at((names.indexOf(now) + step) % names.length) ?? now;
    choose(next);
    document.getElementById(`${prefix}-${next}`)?.focus();
  };
  return html`<div class="tabs">
    <div role="tablist" aria-label=${label} @keydown=${keys}>
      ${tabs.map(
        ([name, text]) =>
          html`<button type="button" role="tab" id=${`${prefix}-${name}`} aria-controls=${panel} aria-selected=${now === name} tabindex=${now === name ? 0 : -1} @click=${() => choose(name)}>${text}</button>`,
      )}
    </div>
    <span class="grow"></span>
    ${beside}
  </div>`;
}
