/** What changed in the text since a revision, line by line and word by word. */

/** @import {Session} from "../api/session.js" */
/** @import {Difference} from "../api/history.js" */
/** @import {DiffView} from "./diff-view.js" */

import { differenceSince } from '../api/history.js';
import { changes as t } from '../messages/around.js';
import { messages } from '../messages.js';
import { countOf, diffRows } from '../model/diff.js';
import { html, nothing } from '../vendor/lit.js';
import { Panel } from './base.js';
import './diff-view.js';
import { icons } from './icons.js';

export class ChangesDialog extends Panel {
  static properties = { ...Panel.properties, found: { state: true } };

  constructor() {
    super();
    /** @type {Difference | null} */
    this.found = null;
    /** the step that the net is compared with */
    this.step = '';
    this.added = 0;
    this.removed = 0;
  }

  /** @param {number} since @param {string} step  its title */
  async open(since, step) {
    const { session } = this;
    this.step = step;
    this.found = await session.attempt(() => differenceSince(session, since));
    if (!this.found) return;
    const rows = diffRows(this.found.diff);
    this.added = countOf(rows, 'added');
    this.removed = countOf(rows, 'removed');
    await this.updateComplete;
    /** @type {HTMLDialogElement | null} */ (this.find('dialog'))?.showModal();
    this.find('.text-scroll')?.focus(); // its keys scroll
  }

  close() {
    /** @type {HTMLDialogElement | null} */ (this.find('dialog'))?.close();
  }

  /** The layer that a line is part of. @param {number} line */
  #layerAt(line) {
    const { graph } = this.session;
    if (graph.revision !== this.found?.revision) return null;
    return graph.layers.find((layer) => layer.line <= line && line <= layer.end_line)?.name ?? null;
  }

  /** @param {1 | -1} way @param {string} label @param {unknown} icon */
  #step(way, label, icon) {
    return html`<button type="button" class="button icon-only quiet" aria-label=${label} title=${label} @click=${() => /** @type {DiffView | null} */ (this.find('ng-diff-view'))?.go(way)}>${icon}</button>`;
  }

  render() {
    const { found } = this;
    return html`<dialog class="changes" aria-labelledby="changes-title">
      <header class="dialog-head">
        ${icons.changes}
        <h2 id="changes-title" title=${this.step || nothing}>${!found || found.since === 1 ? t.title : t.since(this.step)}</h2>
        ${
          found?.diff
            ? html`<span class="changes-count">${t.counted(this.added, this.removed)}</span>
              ${this.#step(-1, t.previous, icons.up)} ${this.#step(1, t.next, icons.down)}`
            : nothing
        }
        <button type="button" class="button icon-only quiet" aria-label=${messages.close} @click=${() => this.close()}>${icons.close}</button>
      </header>
      <div class="dialog-body plain changes-body">
        ${
          found?.diff
            ? html`<ng-diff-view label=${t.label} .text=${found.diff} .places=${(/** @type {number} */ line) => this.#layerAt(line)}></ng-diff-view>`
            : html`<p class="nothing">${t.none}</p>`
        }
      </div>
    </dialog>`;
  }
}

customElements.define('ng-changes', ChangesDialog);

/** @param {Session} session @param {number} [since]  a revision @param {string} [step]  what made it */
export async function showChanges(session, since = 1, step = '') {
  let dialog = /** @type {ChangesDialog | null} */ (document.querySelector('ng-changes'));
  if (!dialog) {
    dialog = /** @type {ChangesDialog} */ (document.createElement('ng-changes'));
    dialog.session = session;
    document.querySelector('ng-app')?.append(dialog);
    await dialog.updateComplete;
  }
  await dialog.open(since, step);
}
