/** The keyboard map. */

import { messages } from '../messages.js';
import { LitElement, html } from '../vendor/lit.js';
import { icons } from './icons.js';

const t = messages.help;

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
      <div class="dialog-body plain help-columns">
        ${t.groups.map(
          ([title, keys]) => html`<section>
            <h3>${title}</h3>
            <dl>${keys.map(([combo, what]) => html`<div><dt>${combo.split(' ').map((key) => (/^(or|\+)$/.test(key) ? html` ${key} ` : html`<kbd>${key}</kbd>`))}</dt><dd>${what}</dd></div>`)}</dl>
          </section>`,
        )}
      </div>
    </dialog>`;
  }
}

customElements.define('ng-help', HelpDialog);
