/** What Caffe would say, and what it would not say but do: by severity and phase, with its words, its place and its fixes. */

/** @import {Diagnostic, Fix, Severity} from "../model/types.js" */
/** @import {OnlyIn} from "./problem-lists.js" */

import { messages } from '../messages.js';
import { EMPTY_GRAPH } from '../model/graph-model.js';
import { html, nothing } from '../vendor/lit.js';
import { Panel } from './base.js';
import { fixKinds, fixOfKind, together } from './fixes.js';
import { icons } from './icons.js';
import { problemItem } from './problem-item.js';
import { SEVERITIES, byPhase, onlyIn, sought } from './problem-lists.js';
import { seekField } from './seek-field.js';
import { meant } from './states.js';

const t = messages.problems;
const SHOWN_AT_FIRST = 100;
const SHOWN_MORE = 400;
/** So few are seen at once. */
const WORTH_SEEKING = 5;

/** @typedef {{severity: Severity, problems: Diagnostic[], parts: {phase: OnlyIn, problems: Diagnostic[]}[], kinds: Fix[]}} Group */

/** @param {Diagnostic[]} all @param {string} words @param {OnlyIn} phase */
function listsOf(all, words, phase) {
  const problems = sought(all, words, phase);
  /** @type {Group[]} */
  const groups = SEVERITIES.map((severity) => {
    const own = problems.filter((problem) => problem.severity === severity);
    return { severity, problems: own, parts: byPhase(own), kinds: fixKinds(own).map(together) };
  }).filter((group) => group.problems.length > 0);
  return { all, found: problems.length, phases: all.some((problem) => onlyIn(problem) !== ''), groups };
}

export class Problems extends Panel {
  static heeds = ['change', 'pending'];
  static properties = { ...Panel.properties, limit: { state: true }, words: { state: true }, phase: { state: true }, at: { state: true } };

  constructor() {
    super();
    /** @type {ReadonlySet<Severity>} severities folded away */
    this.folded = new Set();
    this.limit = SHOWN_AT_FIRST;
    this.words = '';
    /** @type {OnlyIn} */
    this.phase = '';
    /** Which of those shown the keys are on. */
    this.at = 0;
    /** @type {Diagnostic[]} as they stand there */
    this.shown = [];
    /** What was worked out last, and of what: the selection changes often, the problems seldom. */
    this.listed = { graph: EMPTY_GRAPH, words: '', phase: /** @type {OnlyIn} */ (''), ...listsOf([], '', '') };
  }

  #lists() {
    const { graph } = this.session;
    const { words, phase, listed } = this;
    if (listed.graph !== graph || listed.words !== words || listed.phase !== phase) this.listed = { graph, words, phase, ...listsOf(meant(graph), words, phase) };
    return this.listed;
  }

  /** @param {Severity} severity */
  #fold(severity) {
    const folded = new Set(this.folded);
    if (!folded.delete(severity)) folded.add(severity);
    this.folded = folded;
    this.requestUpdate();
  }

  /** Its layer, and its line in the text; what is of another file has none there. @param {Diagnostic} problem @param {boolean} [focus]  the keyboard goes along */
  #choose(problem, focus = false) {
    this.#reveal(problem);
    const { line, file } = problem;
    if (line && !file) this.dispatchEvent(new CustomEvent('command', { detail: { command: 'show-line', detail: { line, focus } }, bubbles: true }));
  }

  /** @param {Diagnostic} problem */
  #reveal({ layer }) {
    if (layer && this.session.model.layer(layer)) this.session.select([layer], { reveal: true });
  }

  /** @param {Fix} fix */
  async #fix(fix) {
    if (this.session.readOnly) return;
    const byKey = this.contains(document.activeElement);
    const result = await this.session.run(fix.operations);
    if (byKey) await this.#focus();
    if (result)
      this.session.notices.add({
        kind: 'ok',
        title: t.fixed(fix.title),
        action: { label: messages.topbar.undo, run: () => void this.session.step('undo') },
      });
  }

  /** To the next problem or the one before, round and round; its layer is shown. @param {1 | -1} step */
  step(step) {
    const { shown } = this;
    if (!shown.length) return;
    const here = this.contains(document.activeElement);
    this.at = here ? (this.at + step + shown.length) % shown.length : step > 0 ? 0 : shown.length - 1;
    void this.#focus();
    const problem = shown[this.at];
    if (problem) this.#reveal(problem);
  }

  /** The keyboard is on one of the problems, also where the one it was on is gone. */
  async #focus() {
    await this.updateComplete;
    const row = this.find(`[data-row="${this.at}"]`) ?? document.getElementById('tab-problems');
    row?.focus();
    row?.scrollIntoView({ block: 'nearest' });
  }

  /** @param {KeyboardEvent} event */
  #keys(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    const row = /** @type {HTMLElement | null} */ (target.closest('[data-row]'));
    if (!row || target.matches('input')) return;
    this.at = Number(row.dataset.row);
    const problem = this.shown[this.at];
    const main = event.ctrlKey || event.metaKey;
    if (!problem || event.altKey) return;
    const last = this.shown.length - 1;
    const to = { ArrowDown: Math.min(last, this.at + 1), ArrowUp: Math.max(0, this.at - 1), Home: 0, End: last }[event.key];
    if (to !== undefined && !main) {
      this.at = to;
      void this.#focus();
    } else if (event.key === 'Enter' && target === row && !main) this.#choose(problem, true);
    else if (event.code === 'Period' && main) {
      const fix = event.shiftKey ? fixOfKind(this.#lists().groups.find(({ severity }) => severity === problem.severity)?.problems ?? [], problem) : problem.fixes[0];
      if (fix) void this.#fix(fix);
    } else return;
    event.preventDefault();
  }

  /** A press on a problem, wherever no button is, goes to its place. @param {MouseEvent} event @param {Diagnostic} problem @param {number} place */
  #press(event, problem, place) {
    const target = /** @type {HTMLElement} */ (event.target);
    if (target.closest('button, input, form') || String(getSelection())) return;
    this.at = place;
    this.#choose(problem);
  }

  /** Problems of one kind that are mended in one way are mended together. @param {Fix[]} kinds */
  #fixAll(kinds) {
    return kinds.map(
      (fix) =>
        html`<button type="button" class="button small" ?disabled=${this.session.pending > 0} title=${t.fixAllHint} @click=${() => this.#fix(fix)}>
          ${icons.wrench}${fix.title}
        </button>`,
    );
  }

  /** @param {Diagnostic} problem @param {number} place */
  #row(problem, place) {
    return problemItem(problem, {
      choose: (focus) => this.#choose(problem, focus),
      press: (event) => this.#press(event, problem, place),
      fix: (fix) => void this.#fix(fix),
      busy: this.session.pending > 0,
      session: this.session,
      row: { place, at: place === this.at },
    });
  }

  /** @param {Group} group */
  #group({ severity, problems, parts, kinds }) {
    const open = !this.folded.has(severity);
    const told = parts.length > 1 || Boolean(parts[0]?.phase);
    let room = open ? this.limit : 0;
    return html`<section class="problem-group">
      <div class="problem-group-head">
        <h3>
          <button type="button" class="disclosure" aria-expanded=${open} @click=${() => this.#fold(severity)}>
            ${icons.chevron}${t.groups[severity]} <span class="count">${problems.length}</span>
          </button>
        </h3>
        <div class="button-row">${this.session.readOnly ? nothing : this.#fixAll(kinds)}</div>
      </div>
      ${parts.map((part) => {
        const rows = part.problems.slice(0, room);
        if (!rows.length) return nothing;
        room -= rows.length;
        const from = this.shown.length;
        this.shown.push(...rows);
        return html`${told ? html`<h4 class="problem-phase">${part.phase ? t.onlyIn(part.phase) : t.inBoth} <span class="count">${part.problems.length}</span></h4>` : nothing}
          <ul class="problem-list">${rows.map((problem, i) => this.#row(problem, from + i))}</ul>`;
      })}
      ${
        open && problems.length > this.limit
          ? html`<button type="button" class="button small problem-more" @click=${() => (this.limit += SHOWN_MORE)}>${t.more(problems.length - this.limit)}</button>`
          : nothing
      }
    </section>`;
  }

  #seek() {
    const { all, found, phases } = this.#lists();
    if (all.length < WORTH_SEEKING && !this.words && !this.phase) return nothing;
    return html`<div class="problem-seek">
      ${seekField({
        label: t.seek,
        hint: t.seekHint,
        words: this.words,
        seek: (words) => (this.words = words),
        keyed: (event) => {
          if (event.key !== 'ArrowDown' || !this.shown.length) return;
          event.preventDefault();
          this.at = 0;
          void this.#focus();
        },
      })}
      ${
        phases || this.phase
          ? html`<select aria-label=${t.seekPhase} @change=${(/** @type {Event} */ event) => (this.phase = /** @type {OnlyIn} */ (/** @type {HTMLSelectElement} */ (event.target).value))}>
            ${/** @type {const} */ (['', 'TRAIN', 'TEST']).map((phase) => html`<option value=${phase} ?selected=${phase === this.phase}>${phase ? t.inPhase(phase) : t.anyPhase}</option>`)}
          </select>`
          : nothing
      }
      ${found < all.length ? html`<span class="muted" role="status">${t.found(found, all.length)}</span>` : nothing}
      <span class="grow"></span>
      <span class="muted keys-hint">${t.keysHint}</span>
    </div>`;
  }

  render() {
    const { graph } = this.session;
    const { not_meant: unmeant } = graph;
    const note = unmeant ? html`<p class="nothing not-meant">${icons.info}${messages.status.notMeantHint(unmeant, unmeant === 'TEST' ? 'TRAIN' : 'TEST')}</p>` : nothing;
    const { all, groups } = this.#lists();
    this.shown = [];
    if (!all.length) return html`<p class="nothing all-well">${icons.ok}${t.none}</p>${note}`;
    const lists = groups.map((group) => this.#group(group));
    return html`${note}${this.#seek()}
      <div class="problem-groups" @keydown=${this.#keys}>${lists}</div>
      ${groups.length ? nothing : html`<p class="nothing">${t.noneFound}</p>`}`;
  }

  updated() {
    const last = this.shown.length - 1;
    if (this.at > last && last >= 0) this.at = last;
  }
}

customElements.define('ng-problems', Problems);
