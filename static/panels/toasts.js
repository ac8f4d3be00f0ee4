/** Notices above the page, and the progress of an upload. Errors are announced at once and stay; nothing blocks. */

/** @import {ProblemPlace} from "../api/types.js" */

import { messages } from '../messages.js';
import { html, nothing, repeat } from '../vendor/lit.js';
import { Panel } from './base.js';
import { icons } from './icons.js';
import { toCanvas } from './keyboard.js';
import { metSomething } from './words.js';

const t = messages.notices;

/** @param {ProblemPlace} place */
const placeLine = ({ line, column, message }) =>
  html`<li>${line ? html`<b>${messages.problems.place(line, column ?? null)}</b> ` : nothing}<span class="words" title=${printable(message)}>${printable(message)}</span></li>`;

/** Binary data that was taken for text comes back in messages. @param {string} text */
function printable(text) {
  return metSomething(text).replace(/[\u0000-\u0008\u000b-\u001f\u007f\ud800-\udfff]/gu, '\u00b7');
}

export class Toasts extends Panel {
  constructor() {
    super();
    /** @type {HTMLElement | null} where the keyboard was before it came to a notice */
    this.cameFrom = null;
    // What is read or aimed at stays: the pointer and the keyboard stop the time that a notice has.
    for (const come of ['pointerenter', 'focusin']) this.addEventListener(come, () => this.session.notices.hold(true));
    this.addEventListener('pointerleave', () => this.#release());
    this.addEventListener('focusin', ({ relatedTarget }) => {
      if (relatedTarget instanceof HTMLElement && !this.contains(relatedTarget)) this.cameFrom = relatedTarget;
    });
    this.addEventListener('focusout', () => setTimeout(() => this.#release()));
  }

  #release() {
    if (!this.matches(':hover, :focus-within')) this.session.notices.hold(false);
  }

  /** Goes; the keyboard, where it was on it, goes to the next notice or back. @param {number} id */
  async #close(id) {
    const within = this.contains(document.activeElement);
    this.session.notices.close(id);
    await this.updateComplete;
    this.#release();
    if (!within || document.activeElement !== document.body) return;
    const next = this.find('.toast button') ?? (this.cameFrom?.isConnected ? this.cameFrom : null);
    if (next) next.focus();
    else toCanvas();
  }

  render() {
    const { progress, notices } = this.session;
    return html`<p class="visually-hidden" role="status">${this.session.said}</p>
      <div class="toasts" role="region" aria-label=${t.label}>
      ${
        progress
          ? html`<div class="toast" data-kind="info" role="status">
            ${icons.drop}
            <div class="toast-body">
              <p class="toast-title">${progress.text}</p>
              ${
                progress.fraction === null
                  ? html`<progress aria-label=${progress.text}></progress>`
                  : html`<progress aria-label=${progress.text} max="1" .value=${progress.fraction}></progress>`
              }
            </div>
            ${progress.cancel ? html`<button type="button" class="button small" @click=${progress.cancel}>${messages.cancel}</button>` : nothing}
          </div>`
          : nothing
      }
      ${repeat(
        notices.shown,
        (notice) => notice.id,
        (
          notice,
        ) => html`<div class="toast" data-kind=${notice.kind} role=${notice.kind === 'error' ? 'alert' : 'group'} aria-label=${notice.kind === 'error' ? nothing : notice.title}>
          <span class=${`severity-${notice.kind}`}>${icons[notice.kind]}</span>
          <div class="toast-body">
            <p class="toast-title">${notice.title}</p>
            ${notice.detail ? html`<p class="toast-detail">${notice.detail}</p>` : nothing}
            ${notice.places?.length ? html`<ul class="toast-places">${notice.places.slice(0, 6).map(placeLine)}${notice.places.length > 6 ? html`<li class="muted">${t.more(notice.places.length - 6)}</li>` : nothing}</ul>` : nothing}
          </div>
          ${
            notice.action
              ? html`<button
                type="button"
                class="button small"
                @click=${() => {
                  notice.action?.run();
                  void this.#close(notice.id);
                }}
              >
                ${notice.action.label}
              </button>`
              : nothing
          }
          <button type="button" class="button icon-only quiet" aria-label=${messages.close} @click=${() => this.#close(notice.id)}>${icons.close}</button>
        </div>`,
      )}
    </div>`;
  }
}

customElements.define('ng-toasts', Toasts);
