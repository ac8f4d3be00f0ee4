/** Opens files from disk or a document that the server keeps. */

/** @import {DocumentInfo} from "../api/types.js" */

import { messages } from '../messages.js';
import { drawing } from '../messages/drawing.js';
import { html, nothing } from '../vendor/lit.js';
import { Panel } from './base.js';
import { recentHint } from './empty.js';
import { icons } from './icons.js';

const t = messages.open;

export class OpenDialog extends Panel {
  static properties = { ...Panel.properties, documents: { state: true }, asking: { state: true } };

  constructor() {
    super();
    /** @type {DocumentInfo[]} */
    this.documents = [];
    /** @type {string | null} id of the document that is to be deleted, if the answer is yes */
    this.asking = null;
  }

  async open() {
    this.documents = (await this.session.attempt(() => this.session.client.documents())) ?? [];
    await this.updateComplete;
    /** @type {HTMLDialogElement | null} */ (this.find('dialog'))?.showModal();
  }

  close() {
    /** @type {HTMLDialogElement | null} */ (this.find('dialog'))?.close();
  }

  /** @param {string} command @param {unknown} [detail] */
  #say(command, detail) {
    this.close();
    this.dispatchEvent(new CustomEvent('command', { detail: { command, detail }, bubbles: true }));
  }

  /** @param {DocumentInfo} info */
  async #ask(info) {
    this.asking = info.id;
    await this.updateComplete;
    this.find('.button.danger')?.focus();
  }

  /** @param {DocumentInfo} info */
  async #remove(info) {
    const { session } = this;
    const done = await session.attempt(async () => {
      await session.client.removeDocument(info.id);
      return true;
    });
    if (!done) return;
    const at = this.documents.findIndex((other) => other.id === info.id);
    this.documents = this.documents.filter((other) => other.id !== info.id);
    if (session.info?.id === info.id) return this.#say('home');
    await this.updateComplete; // the keyboard goes on from the net that took its place
    const rows = this.querySelectorAll('.document-open');
    /** @type {HTMLElement | null} */ (rows[Math.min(at, rows.length - 1)] ?? this.find('.dropzone'))?.focus();
  }

  render() {
    const open = this.session.info?.id;
    return html`<dialog class="open" aria-labelledby="open-title">
      <header class="dialog-head">
        ${icons.open}
        <h2 id="open-title">${t.title}</h2>
        <button type="button" class="button icon-only quiet" aria-label=${messages.close} @click=${() => this.close()}>${icons.close}</button>
      </header>
      <div class="dialog-body plain">
        <button type="button" class="dropzone" autofocus @click=${() => this.#say('open-files')}>${icons.drop}<b>${t.choose}</b><span>${t.chooseHint}</span></button>
        <p class="or"><button type="button" class="button quiet" @click=${() => this.#say('new')}>${icons.plus} ${drawing.newNet}</button></p>
        ${
          this.documents.length
            ? html`<h3>${t.recent}</h3>
              <ul class="documents">
                ${this.documents.map(
                  (info) => html`<li class=${info.id === open ? 'current' : ''}>
                    <button type="button" class="document-open" @click=${() => this.#say('document', info.id)}>
                      ${icons.file}<span><b>${info.name}</b><small>${recentHint(info)}</small></span>
                    </button>
                    ${
                      this.asking === info.id
                        ? html`<button type="button" class="button small danger" @click=${() => this.#remove(info)} @blur=${() => (this.asking = null)}>${t.really}</button>`
                        : html`<button type="button" class="button icon-only quiet" aria-label=${t.remove(info.name)} title=${t.remove(info.name)} @click=${() => this.#ask(info)}>${icons.trash}</button>`
                    }
                  </li>`,
                )}
              </ul>`
            : nothing
        }
      </div>
    </dialog>`;
  }
}

customElements.define('ng-open', OpenDialog);
