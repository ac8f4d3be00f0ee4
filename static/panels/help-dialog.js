/** The keyboard map. */

import { CANVAS_KEYS } from '../canvas/keys.js';
import { messages } from '../messages.js';
import { drawing } from '../messages/drawing.js';
import { LitElement, html } from '../vendor/lit.js';
import { icons } from './icons.js';

const t = messages.help;

/** The canvas's own table, in the words of the page: each key once, without those that only extend another. */
function canvasKeys() {
  const entries = CANVAS_KEYS.filter(({ keys, edge }) => (edge ? /^(ArrowUp|ArrowLeft|Enter)$/.test(keys[0]) : !/^(Shift\+Arrow|Alt\+Shift\+Arrow(Down|Left|Right)|Escape|Ctrl\+a)/.test(keys[0] ?? '')));
  // Those of an edge come first where a key is looked up, and last where people look.
  const ordered = [...entries.filter(({ edge }) => !edge), ...entries.filter(({ edge }) => edge)];
  return ordered.map(({ keys, title }) => /** @type {[string, string]} */ ([spoken(keys[0] === 'E' ? 'Shift+E' : keys[0] ?? ''), title]));
}

/** @param {string} key */
function spoken(key) {
  const arrows = { ArrowUp: '↑', ArrowDown: '↓', ArrowLeft: '←', ArrowRight: '→' };
  return (
    key
      .split('+')
      .map(
        (part) => arrows[/** @type {keyof typeof arrows} */ (part)] ?? (part.length === 1 ? part.toUpperCase() : part),
      )
      .filter(Boolean)
      .join(' + ') || '+'
  );
}

export class HelpDialog extends LitElement {
  createRenderRoot() {
    return this;
  }

  get dialog() {
    return /** @type {HTMLDialogElement | null} */ (this.querySelector('dialog'));
  }

  open() {
    this.dialog?.showModal();
  }

  render() {
    return html`<dialog class="help" aria-labelledby="help-title">
      <header class="dialog-head">
        ${icons.help}
        <h2 id="help-title">${t.title}</h2>
        <button type="button" class="button icon-only quiet" aria-label=${messages.close} @click=${() => this.dialog?.close()}>${icons.close}</button>
      </header>
      <div class="dialog-body plain help-columns" role="region" aria-label=${t.title} tabindex="0" autofocus>
        ${[...t.groups, drawing.help, /** @type {[string, [string, string][]]} */ ([t.canvas, canvasKeys()])].map(
          ([title, keys]) => html`<section>
            <h3>${title}</h3>
            <dl>${keys.map(([combo, what]) => html`<div><dt>${combo.split(/ (\+|or) /).map((key) => (key === 'or' || (key === '+' && combo !== '+') ? html` ${key} ` : html`<kbd>${key}</kbd>`))}</dt><dd>${what}</dd></div>`)}</dl>
          </section>`,
        )}
      </div>
    </dialog>`;
  }
}

customElements.define('ng-help', HelpDialog);
