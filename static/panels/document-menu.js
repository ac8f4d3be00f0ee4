/** The open net in the bar at the top: its name to change, its revision, and the way to other nets. */

/** @import {DocumentInfo} from "../api/types.js" */
/** @import {MenuItem} from "./menu.js" */

import { renameDocument } from '../api/history.js';
import { documentMenu as t } from '../messages/around.js';
import { messages } from '../messages.js';
import { people } from '../messages/people.js';
import { html } from '../vendor/lit.js';
import { Panel } from './base.js';
import { showChanges } from './changes-dialog.js';
import { icons } from './icons.js';
import './menu.js';

const RECENT = 6;

export class DocumentMenu extends Panel {
  static heeds = ['change', 'pending'];
  static properties = { ...Panel.properties, renaming: { state: true }, recent: { state: true } };

  constructor() {
    super();
    this.renaming = false;
    /** @type {DocumentInfo[]} */
    this.recent = [];
    this.known = '';
  }

  updated() {
    const { info, client } = this.session;
    if (!info || this.known === info.id) return;
    this.known = info.id;
    void client.documents().then(
      (found) => (this.recent = found),
      () => {}, // the menu offers the rest
    );
  }

  /** @param {string} command @param {unknown} [detail] */
  #say(command, detail) {
    this.dispatchEvent(new CustomEvent('command', { detail: { command, detail }, bubbles: true }));
  }

  async #edit() {
    this.renaming = true;
    await this.updateComplete;
    /** @type {HTMLInputElement | null} */ (this.find('input'))?.select();
  }

  /** @param {DocumentInfo} info @param {string} typed */
  async #rename(info, typed) {
    if (!this.renaming) return; // Enter or Escape was faster than the blur that follows
    this.renaming = false;
    const name = typed.trim();
    if (name && name !== info.name) await renameDocument(this.session, info.id, name);
  }

  /** @param {DocumentInfo} info @returns {MenuItem[]} */
  #items(info) {
    const changes = { label: t.changes, icon: icons.changes, run: () => void showChanges(this.session) };
    if (this.session.readOnly) return [changes];
    const others = this.recent.filter(({ id }) => id !== info.id).slice(0, RECENT);
    return [
      { label: t.rename, icon: icons.edit, run: () => void this.#edit() },
      changes,
      ...others.map(({ id, name, revision }, index) => ({
        label: name,
        hint: t.recent(revision),
        icon: icons.file,
        divided: index === 0,
        run: () => this.#say('document', id),
      })),
      { label: t.all, hint: t.allHint, icon: icons.open, divided: true, run: () => this.#say('open') },
    ];
  }

  /** @param {DocumentInfo} info */
  #name(info) {
    if (!this.renaming) return html`<h1 class="document-name" title=${info.name}>${info.name}</h1>`;
    return html`<input
      class="document-rename"
      aria-label=${t.newName}
      maxlength="120"
      spellcheck="false"
      .value=${info.name}
      @keydown=${(/** @type {KeyboardEvent} */ event) => {
        if (event.key === 'Enter')
          void this.#rename(info, /** @type {HTMLInputElement} */ (event.target).value);
        if (event.key === 'Escape') this.renaming = false;
        event.stopPropagation();
      }}
      @blur=${(/** @type {FocusEvent} */ event) => this.#rename(info, /** @type {HTMLInputElement} */ (event.target).value)}
    />`;
  }

  render() {
    const { info, pending } = this.session;
    if (!info) return html``;
    return html`<div class="document">
        ${this.#name(info)}
        <span class="document-state" title=${this.session.readOnly ? people.readOnlyHint : messages.topbar.savedHint}>${this.session.readOnly ? t.recent(info.revision) : pending ? messages.topbar.working : messages.topbar.saved(info.revision)}</span>
      </div>
      <ng-menu compact label=${t.label} .hint=${t.label} .icon=${icons.chevron} .items=${this.#items(info)}></ng-menu>`;
  }
}

customElements.define('ng-document', DocumentMenu);
