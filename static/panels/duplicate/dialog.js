/** The duplicate dialog: options on the left, what comes of them on the right, live; one operation when it is applied. */

/** @import {PreviewResult} from "../../api/types.js" */
/** @import {Diagnostic, Fix} from "../../model/types.js" */
/** @import {DuplicateOptions} from "./options.js" */
/** @import {DuplicateReport} from "./preview.js" */

import '../../canvas/net-canvas.js';
import { ApiProblem } from '../../api/client.js';
import { messages } from '../../messages.js';
import { EMPTY_GRAPH, GraphModel } from '../../model/graph-model.js';
import { graphRenames } from '../../model/renames.js';
import { html, nothing } from '../../vendor/lit.js';
import { Panel } from '../base.js';
import { fixesOnce } from '../fixes.js';
import { icons } from '../icons.js';
import { problemItem } from '../problem-item.js';
import '../source-shape.js';
import { tabRow } from '../tabs.js';
import '../diff-view.js';
import { copiesSection, inputsSection, joinSection, sharingSection, whatSection } from './form.js';
import {
  adaptToFix,
  border,
  duplicateOperation,
  freshOptions,
  offeredLabel,
  optionProblems,
  readLayerList,
  unevenShared,
  withOneRate,
  withParameters,
  writeLayerList,
} from './options.js';
import { copyKeys, copySources, drawnKeys, excerpt, firstRates, lostWeights, newProblems, paramUsers } from './preview.js';
import { hasWeights } from '../weights/download.js';
import { reportView } from './report.js';
import { countText } from '../words.js';

const t = messages.duplicate;
const PAUSE_MS = 180;
const MOST_PROBLEMS = 30;

export class DuplicateDialog extends Panel {
  static properties = { ...Panel.properties, options: { state: true }, tab: { state: true } };

  constructor() {
    super();
    /** @type {DuplicateOptions} */
    this.options = freshOptions([]);
    this.listText = '';
    /** @type {string[]} */
    this.unknown = [];
    /** @type {"graph" | "text" | "report"} */
    this.tab = 'graph';
    /** @type {PreviewResult | null} */
    this.preview = null;
    /** @type {ApiProblem | null} why there is no preview */
    this.refusal = null;
    this.waiting = false;
    /** The revision that the preview is of. */
    this.seen = 0;
    /** What data sources hold, as it was told when the preview was asked for. */
    this.answered = '';
    this.graph = EMPTY_GRAPH;
    this.applying = false;
    /** @type {number | null} so many layers of each copy are drawn; null: all */
    this.each = null;
    this.model = new GraphModel({ fold: true, minimap: false, shares: 'all', edgeLabels: 'hover', drag: 'pan' });
    /** @type {AbortController | null} */
    this.underWay = null;
    this.timer = 0;
  }

  get dialog() {
    return /** @type {HTMLDialogElement | null} */ (this.find('dialog'));
  }

  get isOpen() {
    return this.dialog?.open ?? false;
  }

  /** Opens on the present selection. */
  async open() {
    const { model } = this.session;
    const keys = this.session.selected.map((layer) => layer.key);
    this.options = freshOptions(keys, offeredLabel(model));
    this.listText = writeLayerList(keys, model);
    this.unknown = [];
    this.preview = null;
    this.refusal = null;
    this.tab = 'graph';
    await this.updateComplete;
    this.dialog?.showModal();
    this.#ask(0);
  }

  /** Others go on editing: what is no more cannot be copied, and the preview is of the net as it is. */
  willUpdate() {
    const { info, model } = this.session;
    if (!this.dialog?.open || this.applying || !info) return;
    const answered = JSON.stringify(info.datum);
    if (info.revision === this.seen && answered === this.answered) return;
    this.answered = answered;
    const renames = graphRenames(this.graph, model.graph, this.options.layers);
    const keys = this.options.layers.map((key) => renames.get(key) ?? key).filter((key) => model.layer(key));
    if (String(keys) !== String(this.options.layers)) {
      this.options = { ...this.options, layers: keys };
      this.listText = writeLayerList(keys, model);
    }
    this.#ask(PAUSE_MS);
  }

  close() {
    this.dialog?.close();
  }

  #closed() {
    clearTimeout(this.timer);
    this.underWay?.abort();
  }

  /** @param {DuplicateOptions} options */
  #change(options) {
    this.options = options;
    this.#ask(PAUSE_MS);
  }

  /** @param {string} text */
  #changeList(text) {
    const { keys, unknown } = readLayerList(text, this.session.model);
    this.listText = text;
    this.unknown = unknown;
    this.#change({
      ...this.options,
      layers: keys,
      inputs: new Map(),
      join: { ...this.options.join, blobs: null },
      extras: [],
    });
  }

  get #operations() {
    return [duplicateOperation(this.options), ...this.options.extras.flatMap((fix) => fix.operations)];
  }

  /** What keeps the copies from being made, whatever the server would say; empty: nothing. */
  get #missing() {
    if (!this.options.layers.length) return t.emptySelection;
    if (this.unknown.length) return t.unknown(this.unknown);
    const [problem] = optionProblems(this.options);
    return problem ? t.optionProblems[/** @type {keyof typeof t.optionProblems} */ (problem)] : '';
  }

  get #ready() {
    return !this.#missing;
  }

  /** Asks for a preview after a pause; an older question is dropped. @param {number} pause ms */
  #ask(pause) {
    clearTimeout(this.timer);
    this.underWay?.abort();
    this.seen = this.session.info?.revision ?? 0;
    this.answered = JSON.stringify(this.session.info?.datum);
    this.graph = this.session.graph;
    this.waiting = this.#ready;
    if (!this.#ready) {
      this.requestUpdate();
      return;
    }
    this.timer = setTimeout(() => void this.#fetch(), pause);
  }

  async #fetch() {
    const { info, client, state } = this.session;
    if (!info) return;
    const abort = new AbortController();
    this.underWay = abort;
    try {
      const preview = await client.preview(info.id, info.revision, this.#operations, state, abort.signal);
      this.preview = preview;
      this.refusal = null;
      this.#draw(preview);
    } catch (error) {
      if (abort.signal.aborted) return;
      this.preview = null;
      this.refusal = error instanceof ApiProblem ? error : new ApiProblem(0, messages.errors.generic, String(error));
    }
    this.waiting = false;
    this.requestUpdate();
  }

  /** @param {PreviewResult} preview */
  #draw(preview) {
    const report = this.#report(preview);
    const { keys, each } = drawnKeys(report);
    this.each = each;
    this.model.setGraph(excerpt(preview.graph, keys));
    this.model.selection.set(report.copies.filter((copy) => copy.copy_number > 1).map((copy) => copy.key || copy.name));
  }

  /** The first operation's report. @param {PreviewResult} preview @returns {DuplicateReport} */
  #report(preview) {
    const { report } = preview;
    return /** @type {DuplicateReport} */ (Array.isArray(report) ? report[0] : report);
  }

  /** @param {Fix} fix */
  #fix(fix) {
    if (!this.preview) return;
    const report = this.#report(this.preview);
    const origins = {
      sources: copySources(report),
      users: paramUsers(this.preview.graph),
      firstRates: firstRates(report),
    };
    this.#change(adaptToFix(this.options, fix, origins));
  }

  async #apply() {
    if (!this.#ready || this.waiting || !this.preview) return;
    this.applying = true;
    const result = await this.session.run(this.#operations, { base: this.seen });
    this.applying = false;
    if (!result) {
      this.#ask(0); // what was refused is said by the notice; the preview shows the net as it is now
      return;
    }
    this.close();
    const report = this.#report(/** @type {PreviewResult} */ (/** @type {unknown} */ (result)));
    this.session.select(copyKeys(report), { reveal: true });
    const undo = { label: messages.topbar.undo, run: () => void this.session.step('undo') };
    this.session.notices.add({
      kind: lostWeights(report).length ? 'warning' : 'ok',
      title: t.done(this.options.copies.length, this.options.layers.length),
      detail: this.#summary(report),
      action: undo,
    });
  }

  /** @param {Diagnostic[]} problems */
  #problems(problems) {
    const known = ['error', 'warning', 'info']
      .map((severity) => problems.filter((problem) => problem.severity === severity))
      .flat();
    if (!known.length) return html`<p class="all-well">${icons.ok}${t.caffeAccepts}</p>`;
    const uneven = unevenShared(this.options);
    return html`${
      uneven.length
        ? html`<p class="all-of-these">${t.evenRates} <button type="button" class="button small" @click=${() => this.#change(withOneRate(this.options, uneven))}>${icons.wrench}${t.evenRatesAll}</button></p>`
        : nothing
    }<ul class="problem-list" aria-label=${t.problems}>
      ${fixesOnce(known.slice(0, MOST_PROBLEMS)).map((problem) => problemItem(problem, { fix: (fix) => this.#fix(fix) }))}
      ${known.length > MOST_PROBLEMS ? html`<li class="problem muted">${t.moreProblems(known.length - MOST_PROBLEMS)}</li>` : nothing}
    </ul>`;
  }

  #tabs() {
    return tabRow({
      prefix: 'dup-tab',
      panel: 'dup-view',
      label: t.preview,
      tabs: /** @type {const} */ (['graph', 'text', 'report']).map((tab) => /** @type {const} */ ([tab, t.tabs[tab]])),
      now: this.tab,
      choose: (tab) => (this.tab = tab),
      beside: this.waiting ? html`<span class="muted working">${t.working}</span>` : nothing,
    });
  }

  #view() {
    if (!this.options.layers.length) return html`<p class="nothing">${t.emptySelection}</p>`;
    if (this.refusal) {
      const asked = this.refusal.code === 'unknown-shape' ? this.session.graph.sources.filter(({ datum }) => !datum) : [];
      return html`<div class="refusal" role="alert">${icons.error}<div><b>${t.refused}</b><p>${this.refusal.message}</p>
        ${asked.map(({ source }) => html`<ng-source-shape .session=${this.session} .source=${source}></ng-source-shape>`)}</div></div>`;
    }
    if (this.tab === 'text')
      return html`<ng-diff-view label=${t.tabs.text} .text=${this.preview?.diff ?? ''}></ng-diff-view>`;
    if (this.tab === 'graph' && this.each && this.preview) return html`<p class="preview-part">${t.drawnPart(this.each)}</p>`;
    if (this.tab === 'report') return this.preview ? reportView(this.#report(this.preview)) : nothing;
    return nothing;
  }

  render() {
    const { model, graph } = this.session;
    const context = {
      options: this.options,
      // what was to be done after may name layers that are no more: it is offered anew where it still matters
      change: (/** @type {DuplicateOptions} */ options) => this.#change({ ...options, extras: [] }),
      model,
      listText: this.listText,
      unknown: this.unknown,
      changeList: (/** @type {string} */ text) => this.#changeList(text),
      parametric: withParameters(this.options.layers, model),
      border: border(this.options.layers, model),
    };
    const { preview } = this;
    const missing = this.#missing;
    const showGraph = this.tab === 'graph' && this.options.layers.length > 0 && !this.refusal;
    return html`<dialog class="duplicate" aria-labelledby="dup-title" @close=${this.#closed}>
      <form
        method="dialog"
        @submit=${(/** @type {Event} */ event) => {
          event.preventDefault();
          if (event.target === event.currentTarget) void this.#apply();
        }}
      >
        <header class="dialog-head">
          ${icons.duplicate}
          <h2 id="dup-title">${t.title}</h2>
          <button type="button" class="button icon-only quiet" aria-label=${messages.close} @click=${() => this.close()}>${icons.close}</button>
        </header>
        <div class="dialog-body">
          <div class="duplicate-form">
            ${whatSection(context)} ${copiesSection(context)} ${sharingSection(context)} ${inputsSection(context)} ${joinSection(context)}
            ${
              this.options.extras.length
                ? html`<section class="form-section"><h3>${t.extras}</h3><ul>${this.options.extras.map((fix) => html`<li>${fix.title}</li>`)}</ul>
                  <button type="button" class="button small" @click=${() => this.#change({ ...this.options, extras: [] })}>${t.dropExtras}</button></section>`
                : nothing
            }
          </div>
          <div class="duplicate-preview ${this.waiting || missing ? 'stale' : ''}">
            ${this.#tabs()}
            <div id="dup-view" class="duplicate-view" role="tabpanel" aria-labelledby=${`dup-tab-${this.tab}`}>
              <net-canvas compact class=${showGraph ? '' : 'away'} .model=${this.model} aria-label=${t.previewGraph}></net-canvas>
              ${this.#view()}
            </div>
            <div class="duplicate-problems" aria-live="polite">${preview ? this.#problems(newProblems(graph, preview.graph, this.#report(preview))) : nothing}</div>
          </div>
        </div>
        <footer class="dialog-foot">
          <p class="dialog-summary ${missing ? 'missing' : ''}">${missing || (preview ? this.#summary(this.#report(preview)) : '')}</p>
          <button type="button" class="button" @click=${() => this.close()}>${messages.cancel}</button>
          <button type="submit" class="button primary" ?disabled=${missing || this.waiting || !preview}>${icons.duplicate}${t.apply(this.options.copies.length)}</button>
        </footer>
      </form>
    </dialog>`;
  }

  /** @param {DuplicateReport} report */
  #summary(report) {
    const blobs = report.copies.filter((copy) => copy.copy_number > 1).flatMap((copy) => copy.blobs);
    const count = (/** @type {string} */ state) => blobs.filter((blob) => blob.state === state).length;
    return t.summary(countText(report.added.length), count('copied'), count('shared'), count('filler'), lostWeights(report), this.session.info !== null && hasWeights(this.session.info));
  }
}

customElements.define('ng-duplicate', DuplicateDialog);
