/** Which of its states the net is looked at in: the phase, and the stages and levels that its rules ask about. */

/** @import {NetState} from "../model/types.js" */

import { messages } from '../messages.js';
import { html, nothing } from '../vendor/lit.js';
import { Panel } from './base.js';
import { icons } from './icons.js';
import { mentioned } from './states.js';

const t = messages.topbar;
const words = messages.premises.state;
const PHASES = /** @type {const} */ (['TRAIN', 'TEST']);

export class StatePicker extends Panel {
  static properties = { ...Panel.properties, open: { state: true } };

  constructor() {
    super();
    this.open = false;
    this.outside = (/** @type {Event} */ event) => {
      if (!event.composedPath().includes(this)) this.#show(false);
    };
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    document.removeEventListener('pointerdown', this.outside, true);
  }

  /** @param {boolean} open */
  #show(open) {
    this.open = open;
    if (open) document.addEventListener('pointerdown', this.outside, true);
    else document.removeEventListener('pointerdown', this.outside, true);
  }

  /** @param {KeyboardEvent} event */
  #keys(event) {
    if (event.key !== 'Escape' || !this.open) return;
    event.stopPropagation();
    event.preventDefault();
    this.#show(false);
    this.find('.stages-button')?.focus();
  }

  /** @param {KeyboardEvent} event @param {NetState} state */
  async #otherPhase(event, state) {
    if (!['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'].includes(event.key)) return;
    event.preventDefault();
    await this.session.setState({ ...state, phase: state.phase === 'TRAIN' ? 'TEST' : 'TRAIN' });
    await this.updateComplete;
    this.find('.segmented [aria-checked="true"]')?.focus();
  }

  /** @param {NetState} state @param {string} stage */
  #toggle(state, stage) {
    const stages = state.stages.includes(stage)
      ? state.stages.filter((other) => other !== stage)
      : [...state.stages, stage].sort();
    return this.session.setState({ ...state, stages });
  }

  /** @param {NetState} state */
  #phases(state) {
    return html`<div class="segmented" role="radiogroup" aria-label=${t.stateLabel}>
      ${PHASES.map(
        (phase) => html`<button
          type="button"
          role="radio"
          aria-checked=${state.phase === phase}
          tabindex=${state.phase === phase ? 0 : -1}
          class=${this.session.graph.not_meant === phase ? 'unmeant' : ''}
          title=${this.session.graph.not_meant === phase ? messages.status.notMeantHint(phase, phase === 'TEST' ? 'TRAIN' : 'TEST') : t.stateHint[phase]}
          @click=${() => this.session.setState({ ...state, phase })}
          @keydown=${(/** @type {KeyboardEvent} */ event) => this.#otherPhase(event, state)}
        >
          ${phase}
        </button>`,
      )}
    </div>`;
  }

  /** @param {NetState} state */
  #stages(state) {
    const { stages, levels } = mentioned([...this.session.graph.states, state]);
    if (!stages.length && !levels.length) return nothing;
    const chosen = [...state.stages, ...(state.level ? [words.levelNow(state.level)] : [])].join(' · ');
    const chip = (/** @type {boolean} */ on, /** @type {string | number} */ label, /** @type {() => unknown} */ run) =>
      html`<button type="button" class="chip" aria-pressed=${on} @click=${run}>${label}</button>`;
    return html`<div class="menu stages" @keydown=${this.#keys}>
      <button
        type="button"
        class="button stages-button"
        aria-expanded=${this.open}
        title=${words.stagesHint}
        @click=${() => this.#show(!this.open)}
      >
        <span class="stages-now">${chosen || words.none}</span><span class="chevron">${icons.chevron}</span>
      </button>
      ${
        this.open
          ? html`<div class="menu-list stage-list">
            ${
              stages.length
                ? html`<div role="group" aria-label=${words.stages}>
                  <span class="muted">${words.stages}</span>
                  ${stages.map((stage) => chip(state.stages.includes(stage), stage, () => this.#toggle(state, stage)))}
                </div>`
                : nothing
            }
            ${
              levels.length
                ? html`<div role="group" aria-label=${words.level}>
                  <span class="muted">${words.level}</span>
                  ${levels.map((level) => chip(state.level === level, level, () => this.session.setState({ ...state, level })))}
                </div>`
                : nothing
            }
          </div>`
          : nothing
      }
    </div>`;
  }

  render() {
    const { state } = this.session;
    return state ? html`${this.#phases(state)}${this.#stages(state)}` : nothing;
  }
}

customElements.define('ng-state', StatePicker);
