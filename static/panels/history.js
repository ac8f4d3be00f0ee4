/** The steps that made the net what it is, by name, the newest first; each leads to the net as it was then. */

/** @import {History} from "../api/history.js" */

import { goTo, historyOf } from '../api/history.js';
import { history as t } from '../messages/around.js';
import { people } from '../messages/people.js';
import { html, nothing, repeat } from '../vendor/lit.js';
import { Panel } from './base.js';
import { showChanges } from './changes-dialog.js';
import { icons } from './icons.js';
import { when } from './when.js';

export class HistoryPanel extends Panel {
  static properties = { ...Panel.properties, history: { state: true } };

  constructor() {
    super();
    /** @type {History | null} */
    this.history = null;
    this.shown = '';
  }

  updated() {
    const { info } = this.session;
    const wanted = info ? `${info.id}@${info.revision}` : '';
    if (wanted === this.shown) return;
    this.shown = wanted;
    if (info) void this.#load(wanted);
  }

  /** @param {string} wanted */
  async #load(wanted) {
    const found = await this.session.attempt(() => historyOf(this.session));
    if (this.shown === wanted) this.history = found;
  }

  render() {
    const { history } = this;
    const { readOnly, me } = this.session;
    if (!history) return nothing;
    const now = Date.now();
    const at = history.steps.findIndex(({ revision }) => revision === history.present);
    return html`<h2 class="visually-hidden">${t.title}</h2>
      <p class="hint">${readOnly ? t.hintReadOnly : t.hint}</p>
      <div class="history-tools">
        <button type="button" class="button small" @click=${() => showChanges(this.session)}>${icons.changes}${t.changes}</button>
      </div>
      <ol class="history" reversed aria-label=${t.steps}>
        ${repeat(
          [...history.steps.entries()].reverse(),
          ([, step]) => step.revision,
          ([index, step]) => html`<li>
            <button
              type="button"
              class=${`step${index > at ? ' undone' : ''}`}
              aria-current=${index === at ? 'step' : nothing}
              title=${index === at ? t.present : readOnly ? step.title : t.goTo(step.title)}
              ?disabled=${readOnly}
              @click=${() => index !== at && goTo(this.session, step.revision)}
            >
              <span class="step-dot"></span>
              <span class="step-title"><span class="step-name">${index === 0 && step.title === 'Open' ? t.opened : step.title}</span>${
                step.author ? html`<small class="step-author">${me.isMe(step.author) ? people.you : step.author}</small>` : nothing
              }</span>
              <small>${when(step.created, now)}</small>
            </button>
            ${
              step.revision === 1
                ? nothing // the button above
                : html`<button type="button" class="button icon-only quiet step-changes" aria-label=${t.changesSince(step.title)} title=${t.changesSince(step.title)} @click=${() => showChanges(this.session, step.revision, step.title)}>${icons.changes}</button>`
            }
          </li>`,
        )}
      </ol>`;
  }
}

customElements.define('ng-history', HistoryPanel);
