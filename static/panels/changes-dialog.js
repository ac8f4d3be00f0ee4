/** What changed in the text since a revision, as a unified diff. */

/** @import {Session} from "../api/session.js" */
/** @import {Difference} from "../api/history.js" */

import { differenceSince } from '../api/history.js';
import { changes as t } from '../messages/around.js';
import { messages } from '../messages.js';
import { html, nothing } from '../vendor/lit.js';
import { Panel } from './base.js';
import { icons } from './icons.js';
import './text-view.js';

export class ChangesDialog extends Panel {
  static properties = { ...Panel.properties, found: { state: true } };

  constructor() {
    super();
    /** @type {Difference | null} */
    this.found = null;
  }

  /** @param {number} since */
  async open(since) {
    const { session } = this;
    this.found = await session.attempt(() => differenceSince(session, since));
    if (!this.found) return;
    await this.updateComplete;
    /** @type {HTMLDialogElement | null} */ (this.find('dialog'))?.showModal();
  }

  render() {
    const { found } = this;
    const lines = found?.diff.split('\n') ?? [];
    const count = (/** @type {RegExp} */ kind) => lines.filter((line) => kind.test(line)).length;
    return html`<dialog class="changes" aria-labelledby="changes-title">
      <header class="dialog-head">
        ${icons.changes}
        <h2 id="changes-title">${!found || found.since === 1 ? t.title : t.since(found.since)}</h2>
        ${found?.diff ? html`<span class="muted">${t.counted(count(/^\+(?!\+\+ )/), count(/^-(?!-- )/))}</span>` : nothing}
        <span class="grow"></span>
        <button type="button" class="button icon-only quiet" aria-label=${messages.close} @click=${() => /** @type {HTMLDialogElement | null} */ (this.find('dialog'))?.close()}>${icons.close}</button>
      </header>
      <div class="dialog-body plain changes-body">
        ${found?.diff ? html`<ng-text-view kind="diff" label=${t.label} .text=${found.diff}></ng-text-view>` : html`<p class="nothing">${t.none}</p>`}
      </div>
    </dialog>`;
  }
}

customElements.define('ng-changes', ChangesDialog);

/** @param {Session} session @param {number} [since] */
export async function showChanges(session, since = 1) {
  let dialog = /** @type {ChangesDialog | null} */ (document.querySelector('ng-changes'));
  if (!dialog) {
    dialog = /** @type {ChangesDialog} */ (document.createElement('ng-changes'));
    dialog.session = session;
    document.querySelector('ng-app')?.append(dialog);
    await dialog.updateComplete;
  }
  await dialog.open(since);
}
