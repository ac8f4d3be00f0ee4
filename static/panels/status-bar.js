/** The line at the bottom: would Caffe take this net, in each phase, and how large it is. */

/** @import {Diagnostic} from "../model/types.js" */

import { messages } from '../messages.js';
import { html, nothing } from '../vendor/lit.js';
import { Panel } from './base.js';
import { statusCost } from './costs.js';
import { icons } from './icons.js';
import './live-status.js';
import { profileMenu, solverStatus } from './premises.js';
import { severityCounts } from './problem-lists.js';
import { meant, refusalIn, stateLabel } from './states.js';
import { unloaded } from './weights/unloaded.js';
import { countText, essence, shortCount, sizeText } from './words.js';

const t = messages.status;

export class StatusBar extends Panel {
  #show() {
    this.dispatchEvent(new CustomEvent('command', { detail: { command: 'problems' }, bubbles: true }));
  }

  /** @param {readonly string[]} phases that Caffe says the same about @param {Diagnostic | null} refusal */
  #verdict(phases, refusal) {
    const names = html`<b>${phases.join(', ')}</b>`;
    if (!refusal) {
      return html`<span class="verdict ok" data-phases=${phases.join(' ')}>${icons.ok}${names} ${this.session.graph.profile === 'fork' ? t.acceptsFork : t.accepts}</span>`;
    }
    const words = refusal.caffe_message ?? refusal.message;
    const choose = () => {
      if (refusal.layer) this.session.select([refusal.layer], { reveal: true });
      this.#show();
    };
    return html`<button type="button" class="verdict refused" data-phases=${phases.join(' ')} title=${words} @click=${choose}>
      ${icons.error}${names} <span class="verdict-words">${t.refuses(essence(words))}</span>
    </button>`;
  }

  #verdicts() {
    const { diagnostics, state } = this.session.graph;
    const shown = stateLabel(state);
    if (shown !== state.phase) return this.#verdict([shown], refusalIn(diagnostics, shown));
    const { not_meant: unmeant } = this.session.graph;
    if (unmeant && unmeant !== state.phase) {
      const quiet = html`<span class="verdict muted" data-phases=${unmeant} title=${t.notMeantHint(unmeant, state.phase)}>${icons.info}<b>${unmeant}</b> ${t.notMeant}</span>`;
      return [this.#verdict([shown], refusalIn(diagnostics, shown)), quiet];
    }
    const train = refusalIn(diagnostics, 'TRAIN');
    const test = refusalIn(diagnostics, 'TEST');
    if (train === test) return this.#verdict(['TRAIN', 'TEST'], train);
    return [this.#verdict(['TRAIN'], train), this.#verdict(['TEST'], test)];
  }

  /** What does not start from the file is told here: it is what one must know before days of training. @param {string} file */
  #weights(file) {
    const { open, clash } = unloaded(this.session.graph.layers);
    const told = clash.length ? html`<b class="severity-error">${t.clashes(clash.length)}</b>` : open.length ? html`<b>${t.fromFillers(open.length)}</b>` : nothing;
    return html`<button type="button" class="counts weights-info" title=${t.weightsHint(file, [...clash, ...open])} @click=${() => this.session.dispatchEvent(new Event('show-weights'))}>
      ${icons.weights}<span>${file}</span>${told}
    </button>`;
  }

  render() {
    const { info, graph, selection } = this.session;
    if (!info) return nothing;
    const counts = severityCounts(meant(graph));
    const kinds = /** @type {const} */ (['error', 'warning', 'info']);
    const { parameters, layers } = graph.totals;
    return html`<footer class="statusbar">
      <div class="verdicts" role="status" aria-live="polite">${this.#verdicts()}</div>
      <button type="button" class="counts" title=${messages.commands.problems} @click=${() => this.#show()}>
        ${kinds.map(
          (kind) =>
            html`<span class=${counts[kind] ? `severity-${kind}` : 'muted'}>${icons[kind]}${counts[kind]}<span class="visually-hidden"> ${messages.problems.groups[kind]}</span></span>`,
        )}
      </button>
      <ng-happening .session=${this.session}></ng-happening>
      <span class="grow"></span>
      ${selection.size ? html`<span>${t.selected(selection.size)}</span>` : nothing}
      <span>${t.layers(layers)}</span>
      ${parameters === null ? nothing : html`<span title=${countText(parameters)}>${t.parameters(shortCount(parameters))}</span>`}
      ${statusCost(graph.totals)} ${profileMenu(this.session)} ${solverStatus(this.session)}
      ${
        info.weights
          ? this.#weights(`${info.weights.name} · ${sizeText(info.weights.size)}`)
          : html`<span class="muted">${icons.weights}${t.noWeights}</span>`
      }
      <ng-live .session=${this.session}></ng-live>
    </footer>`;
  }
}

customElements.define('ng-statusbar', StatusBar);
