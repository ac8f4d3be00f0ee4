/** What Caffe would say, and what it would not say but do: by severity, with its words, its place and its fixes. */

/** @import {Session} from "../api/session.js" */
/** @import {Diagnostic, Fix, Severity} from "../model/types.js" */

import { messages } from '../messages.js';
import { html, nothing } from '../vendor/lit.js';
import { Panel } from './base.js';
import { fixKinds } from './fixes.js';
import { icons } from './icons.js';
import './source-shape.js';
import { meant } from './states.js';

const t = messages.problems;
const SEVERITIES = /** @type {const} */ (['error', 'warning', 'info']);
const SHOWN_AT_FIRST = 100;
const UNKNOWN_SOURCE = 'unknown-source-shape';

/** @param {readonly Diagnostic[]} diagnostics @returns {Record<Severity, number>} */
export function severityCounts(diagnostics) {
  const counts = { error: 0, warning: 0, info: 0 };
  for (const { severity } of diagnostics) counts[severity] += 1;
  return counts;
}

/**
 * One problem: shared by the panel and the duplicate dialog.
 * @param {Diagnostic} problem
 * @param {{choose?: () => void, fix: (fix: Fix) => void, busy?: boolean, session?: Session}} actions with a session, questions can be answered here
 */
export function problemItem(problem, { choose, fix, busy = false, session }) {
  const { severity, message, caffe_message: words, layer, line, column, states, file } = problem;
  const place = [file, layer, line ? t.place(line, column) : ''].filter(Boolean).join(' · ');
  return html`<li class="problem" data-severity=${severity} data-code=${problem.code}>
    <span class="severity-${severity}" title=${t.severity[severity]}>${icons[severity]}<span class="visually-hidden">${t.severity[severity]}</span></span>
    <div class="problem-body">
      ${words && words === message ? nothing : html`<p class="problem-message">${message}</p>`}
      ${words ? html`<blockquote class="caffe-words"><span class="visually-hidden">${t.caffeSays} </span>${words}</blockquote>` : nothing}
      <div class="problem-foot">
        ${
          place
            ? choose && !file
              ? html`<button type="button" class="link" @click=${choose}>${place}</button>`
              : html`<span class="muted">${place}</span>`
            : nothing
        }
        ${states.length === 1 ? html`<span class="phase-tag" title=${t.onlyIn(states[0] ?? '')}>${states[0]}</span>` : nothing}
        <code class="problem-code">${problem.code}</code>
      </div>
    </div>
    <div class="problem-fixes" ?hidden=${session?.readOnly ?? false}>
      ${session && problem.code === UNKNOWN_SOURCE && problem.blob ? html`<ng-source-shape .session=${session} .source=${problem.blob}></ng-source-shape>` : nothing}
      ${problem.fixes.map(
        (offer) =>
          html`<button type="button" class="button small" ?disabled=${busy} @click=${() => fix(offer)}>${icons.wrench}${offer.title}</button>`,
      )}
    </div>
  </li>`;
}

export class Problems extends Panel {
  static properties = { ...Panel.properties, hidden: { state: true }, limit: { state: true } };

  constructor() {
    super();
    /** @type {ReadonlySet<Severity>} severities folded away */
    this.folded = new Set();
    this.limit = SHOWN_AT_FIRST;
  }

  /** @param {Severity} severity */
  #fold(severity) {
    const folded = new Set(this.folded);
    if (!folded.delete(severity)) folded.add(severity);
    this.folded = folded;
    this.requestUpdate();
  }

  /** @param {Diagnostic} problem */
  #choose(problem) {
    if (problem.layer) this.session.select([problem.layer], { reveal: true });
    if (problem.line) {
      this.dispatchEvent(
        new CustomEvent('command', { detail: { command: 'show-line', detail: problem.line }, bubbles: true }),
      );
    }
  }

  /** @param {Fix} fix */
  async #fix(fix) {
    const result = await this.session.run(fix.operations);
    if (result)
      this.session.notices.add({
        kind: 'ok',
        title: t.fixed(fix.title),
        action: { label: messages.topbar.undo, run: () => void this.session.step('undo') },
      });
  }

  /**
   * Problems of one kind that are mended in one way are mended together.
   * @param {Diagnostic[]} problems
   */
  #fixAll(problems) {
    return fixKinds(problems).map(
      ({ title, fixes }) =>
        html`<button type="button" class="button small" ?disabled=${this.session.pending > 0} @click=${() => this.#fix({ title, operations: fixes.flatMap((fix) => fix.operations) })}>
          ${icons.wrench}${t.fixAll(title, fixes.length)}
        </button>`,
    );
  }

  /** @param {Severity} severity */
  #group(severity) {
    const all = meant(this.session.graph).filter((problem) => problem.severity === severity);
    if (!all.length) return nothing;
    const open = !this.folded.has(severity);
    const shown = all.slice(0, this.limit);
    return html`<section class="problem-group">
      <div class="problem-group-head">
        <h3>
          <button type="button" class="disclosure" aria-expanded=${open} @click=${() => this.#fold(severity)}>
            ${icons.chevron}${t.groups[severity]} <span class="count">${all.length}</span>
          </button>
        </h3>
        <div class="button-row">${this.session.readOnly ? nothing : this.#fixAll(all)}</div>
      </div>
      ${
        open
          ? html`<ul class="problem-list">
            ${shown.map((problem) =>
              problemItem(problem, {
                choose: () => this.#choose(problem),
                fix: (fix) => void this.#fix(fix),
                busy: this.session.pending > 0,
                session: this.session,
              }),
            )}
            ${
              all.length > shown.length
                ? html`<li><button type="button" class="button small" @click=${() => (this.limit += 400)}>${t.more(all.length - shown.length)}</button></li>`
                : nothing
            }
          </ul>`
          : nothing
      }
    </section>`;
  }

  render() {
    const { graph } = this.session;
    const { not_meant: unmeant } = graph;
    const note = unmeant ? html`<p class="nothing not-meant">${icons.info}${messages.status.notMeantHint(unmeant, unmeant === 'TEST' ? 'TRAIN' : 'TEST')}</p>` : nothing;
    if (!meant(graph).length) return html`<p class="nothing all-well">${icons.ok}${t.none}</p>${note}`;
    return html`${note}${SEVERITIES.map((severity) => this.#group(severity))}`;
  }
}

customElements.define('ng-problems', Problems);
