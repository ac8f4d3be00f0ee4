/** What stands on the page before a net is open: what this is for, and the three ways to begin. */

/** @import {DocumentInfo, Example} from "../api/types.js" */

import { messages } from '../messages.js';
import { drawing } from '../messages/drawing.js';
import { html, nothing } from '../vendor/lit.js';
import { Panel } from './base.js';
import { icons } from './icons.js';
import { when } from './when.js';

const t = messages.empty;
/** The document that a new workspace begins with. */
export const EXAMPLE = 'example';

/** What tells a net from others of its name. @param {DocumentInfo} info */
export const recentHint = ({ revision, weights, changed }) => t.recentHint(changed === undefined ? null : when(changed), revision, weights?.name ?? null);

/** What an example's title says before its colon, and what it says after it. @param {Example} example */
export function titleOf({ name, title }) {
  const [head = name, ...rest] = (title ?? name).split(': ');
  return { head, rest: rest.join(': ') };
}

/** Small nets first: they are what one learns on. @param {readonly Example[]} examples */
export const bySize = (examples) => [...examples].sort((one, other) => (one.layers ?? 0) - (other.layers ?? 0));

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
                  ${bySize(this.examples).map(
                    (example) => html`<li><button type="button" @click=${() => this.#say('example', example.name)}>
                      <img class="example-picture" src=${`/static/examples/${example.name}.svg`} alt="" width="56" height="72" loading="lazy" />
                      <span><b>${titleOf(example).head}</b><small>${t.exampleHint(titleOf(example).rest, example.layers ?? 0)}</small>${example.description ? html`<small>${example.description}</small>` : nothing}</span>
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
                      ${icons.file}<span><b>${info.name}</b><small>${recentHint(info)}</small></span>
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
