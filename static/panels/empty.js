/** What stands on the page before a net is open: what this is for, and the three ways to begin. */

/** @import {DocumentInfo, Example} from "../api/types.js" */

import { messages } from '../messages.js';
import { drawing } from '../messages/drawing.js';
import { html, nothing } from '../vendor/lit.js';
import { Panel } from './base.js';
import { icons } from './icons.js';

const t = messages.empty;

export class EmptyState extends Panel {
  static properties = {
    ...Panel.properties,
    examples: { attribute: false },
    recent: { attribute: false },
    waiting: { attribute: false },
  };

  constructor() {
    super();
    /** @type {Example[]} */
    this.examples = [];
    /** @type {DocumentInfo[]} */
    this.recent = [];
    /** @type {string | null} name of weights that wait for their net */
    this.waiting = null;
  }

  /** @param {string} command @param {unknown} [detail] */
  #say(command, detail) {
    this.dispatchEvent(new CustomEvent('command', { detail: { command, detail }, bubbles: true }));
  }

  render() {
    return html`<div class="empty">
      <div class="empty-inner">
        <h1>${t.title}</h1>
        <p class="lead">${t.lead}</p>
        <button type="button" class="dropzone" @click=${() => this.#say('open-files')}>
          ${icons.drop}
          <b>${this.waiting ? t.dropNet(this.waiting) : t.drop}</b>
          <span>${t.dropHint}</span>
        </button>
        <p class="or"><button type="button" class="button quiet" @click=${() => this.#say('new')}>${icons.plus} ${drawing.newNet}</button></p>
        <ol class="steps">
          ${t.steps.map(([head, text], index) => html`<li><span class="step-number">${index + 1}</span><b>${head}</b><span>${text}</span></li>`)}
        </ol>
        <div class="starts">
          ${
            this.examples.length
              ? html`<section>
                <h2>${t.examples}</h2>
                <ul class="start-list">
                  ${this.examples.map(
                    (example) => html`<li><button type="button" @click=${() => this.#say('example', example.name)}>
                      ${icons.examples}<span><b>${example.title ?? example.name}</b>${example.description ? html`<small>${example.description}</small>` : nothing}</span>
                    </button></li>`,
                  )}
                </ul>
              </section>`
              : nothing
          }
          ${
            this.recent.length
              ? html`<section>
                <h2>${t.recent}</h2>
                <ul class="start-list">
                  ${this.recent.slice(0, 6).map(
                    (
                      info,
                    ) => html`<li><a href=${`/d/${info.id}`} @click=${(/** @type {MouseEvent} */ event) => this.#goTo(event, info)}>
                      ${icons.file}<span><b>${info.name}</b><small>${t.recentHint(info.revision, info.weights?.name ?? null)}</small></span>
                    </a></li>`,
                  )}
                </ul>
              </section>`
              : nothing
          }
        </div>
      </div>
    </div>`;
  }

  /** @param {MouseEvent} event @param {DocumentInfo} info */
  #goTo(event, info) {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    this.#say('document', info.id);
  }
}

customElements.define('ng-empty', EmptyState);
