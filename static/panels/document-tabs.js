/** The nets that are open in this tab of the browser, in a row: one click or key leads to another, each closes by itself. */

import { documentTabs as t } from '../messages/around.js';
import { messages } from '../messages.js';
import { html, nothing, repeat } from '../vendor/lit.js';
import { Panel } from './base.js';
import { icons } from './icons.js';
import { toCanvas } from './keyboard.js';

/** @import {OpenDocument} from "../model/open-documents.js" */

/** letters */
const TAIL = 7;

export class DocumentTabs extends Panel {
  static properties = { ...Panel.properties, all: { attribute: false } };

  constructor() {
    super();
    /** @type {readonly OpenDocument[]} */
    this.all = [];
    /** A key closed one: the keyboard goes on from what is shown then. */
    this.closing = false;
  }

  /** @param {string} command @param {string} id */
  #say(command, id) {
    this.dispatchEvent(new CustomEvent('command', { detail: { command, detail: id }, bubbles: true }));
  }

  /** @param {MouseEvent} event @param {string} id */
  #click(event, id) {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return; // the browser's own: a tab or window of its own
    event.preventDefault();
    if (id !== this.session.info?.id) this.#say('document', id);
  }

  /** @param {KeyboardEvent} event @param {string} id */
  #keys(event, id) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const links = /** @type {HTMLElement[]} */ ([...this.querySelectorAll('a')]);
    const at = links.indexOf(/** @type {HTMLElement} */ (event.currentTarget));
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1 }[event.key];
    if (to !== undefined) links.at(to % links.length)?.focus();
    else if (event.key === 'Delete') {
      this.closing = true;
      this.#say('close-document', id);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  updated() {
    const shown = this.find('a[aria-current]');
    shown?.closest('li')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    if (!this.closing || (this.all.length > 1 && !shown)) return;
    this.closing = false;
    if (shown) shown.focus();
    else toCanvas();
  }

  /** Names are often told apart by their ends: what has no room is left out before it. @param {string} name */
  #name(name) {
    return html`<span>${name.slice(0, -TAIL)}</span><span>${name.slice(-TAIL)}</span>`;
  }

  render() {
    const { all } = this;
    const { info } = this.session;
    if (all.length < 2) return nothing;
    const current = all.some(({ id }) => id === info?.id) ? info?.id : all[0]?.id;
    return html`<nav class="document-tabs" aria-label=${t.label}>
      <ul>
        ${repeat(
          all,
          ({ id }) => id,
          ({ id, name }) => html`<li
            @auxclick=${(/** @type {MouseEvent} */ event) => {
              if (event.button !== 1) return;
              event.preventDefault();
              this.#say('close-document', id);
            }}
          >
            <a
              href=${`/d/${encodeURIComponent(id)}`}
              title=${name}
              aria-label=${name}
              aria-current=${id === info?.id ? 'page' : nothing}
              aria-keyshortcuts="Delete"
              tabindex=${id === current ? 0 : -1}
              @click=${(/** @type {MouseEvent} */ event) => this.#click(event, id)}
              @keydown=${(/** @type {KeyboardEvent} */ event) => this.#keys(event, id)}
            >${this.#name(name)}</a>
            <button type="button" class="button icon-only quiet" tabindex="-1" aria-label=${t.close(name)} title=${`${messages.close} (${t.closeKey})`} @click=${() => this.#say('close-document', id)}>${icons.close}</button>
          </li>`,
        )}
      </ul>
    </nav>`;
  }
}

customElements.define('ng-document-tabs', DocumentTabs);
