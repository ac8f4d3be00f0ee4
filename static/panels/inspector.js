/** What is selected: nothing (the net as a whole), one layer, or several that are edited together. */

/** @import {LayerCard} from "../model/types.js" */
/** @import {CatalogueType} from "../api/types.js" */

import { messages } from '../messages.js';
import { html, nothing } from '../vendor/lit.js';
import { Panel } from './base.js';
import './forms/layer-form.js';
import { layerCost, netCost } from './costs.js';
import { EXAMPLE } from './empty.js';
import { icons } from './icons.js';
import { toCanvas } from './keyboard.js';
import { severalLayers } from './multi-edit.js';
import './param-table.js';
import { premisesFacts, sourceQuestions } from './premises.js';
import { problemItem } from './problem-item.js';
import './weights/layer.js';
import { countText, shapeText } from './words.js';

const t = messages.inspector;

/** The net itself where else there is a layer's key, which has no NUL. */
const NET = '\0';

/** @typedef {{key: string, name: string, shown: string, label: string, action: string, rename: (to: string) => Promise<unknown>}} Named */
/** @typedef {HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement} Field */

/** @param {EventTarget | null} target @returns {target is Field} */
function isField(target) {
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}

export class Inspector extends Panel {
  static properties = {
    ...Panel.properties,
    catalogue: { attribute: false },
    renaming: { state: true },
    refusal: { state: true },
  };

  constructor() {
    super();
    /** @type {ReadonlyMap<string, CatalogueType>} */
    this.catalogue = new Map();
    /** @type {string | null} key of the layer whose name is being edited, or NET */
    this.renaming = null;
    /** @type {{field: Field, value: string} | null} the field that one is in, and what it held before */
    this.entered = null;
    this.addEventListener('focusin', ({ target }) => isField(target) && (this.entered = { field: target, value: target.value }));
    this.addEventListener('keydown', (event) => event.key === 'Escape' && this.#leave(event));
  }

  /** Escape takes back what was typed, and leads to the canvas. @param {KeyboardEvent} event */
  #leave(event) {
    const { target } = event;
    if (!isField(target) || this.renaming !== null) return;
    event.preventDefault();
    // At once, or leaving it would still send what was typed; what it is to hold comes with the update.
    if (target.dataset.typing !== undefined && this.entered?.field === target) target.value = this.entered.value;
    delete target.dataset.typing;
    const form = /** @type {import("./forms/layer-form.js").LayerForm | import("./param-table.js").ParamTable | null} */ (target.closest('ng-layer-form, ng-param-table'));
    form?.leave(target.id);
    toCanvas();
  }

  /** @param {string} key */
  #goTo(key) {
    this.session.select([key], { reveal: true });
  }

  /** @param {LayerCard} layer @param {MouseEvent} event  that of a key has no clicks to count */
  #showLines(layer, event) {
    const detail = { command: 'show-line', detail: { line: layer.line, focus: event.detail === 0 } };
    this.dispatchEvent(new CustomEvent('command', { detail, bubbles: true }));
  }

  /** @param {Named} of @param {string} to @param {boolean} [byKey]  by a key, which goes on from where it began */
  async #rename(of, to, byKey = false) {
    if (this.renaming !== of.key) return; // Enter or Escape was faster than the blur that follows
    this.renaming = null;
    if (to.trim() !== of.name) await of.rename(to.trim());
    await this.updateComplete;
    if (byKey) this.find('.inspector-name-row button')?.focus();
  }

  /** @param {LayerCard} layer */
  #layerName(layer) {
    const rename = async (/** @type {string} */ to) => {
      const result = to ? await this.session.run([{ op: 'rename_layer', layer: layer.key, to }]) : null;
      if (result) this.session.select([to]);
    };
    return this.#name({ key: layer.key, name: layer.name, shown: layer.key, label: t.newName, action: t.rename, rename });
  }

  #netName() {
    const { graph, info } = this.session;
    const rename = (/** @type {string} */ to) => this.session.run([{ op: 'rename_net', to }]);
    return this.#name({ key: NET, name: graph.name, shown: graph.name || (info?.name ?? ''), label: t.newNetName, action: t.renameNet, rename });
  }

  /** A name, and how it becomes another one. @param {Named} of */
  #name(of) {
    if (this.renaming === of.key) {
      return html`<input
        class="rename"
        aria-label=${of.label}
        .value=${of.name}
        spellcheck="false"
        @keydown=${(/** @type {KeyboardEvent} */ event) => {
          const input = /** @type {HTMLInputElement} */ (event.target);
          if (event.key === 'Enter') void this.#rename(of, input.value, true);
          if (event.key === 'Escape') {
            event.stopPropagation();
            void this.#rename(of, of.name, true);
          }
        }}
        @blur=${(/** @type {FocusEvent} */ event) => this.#rename(of, /** @type {HTMLInputElement} */ (event.target).value)}
      />`;
    }
    return html`<h2 class="inspector-name" title=${of.shown}>${of.shown}</h2>
      <button
        type="button"
        class="button icon-only quiet"
        ?hidden=${this.session.readOnly}
        aria-label=${of.action}
        title=${of.action}
        @click=${async () => {
          this.renaming = of.key;
          await this.updateComplete;
          /** @type {HTMLInputElement | null} */ (this.find('input.rename'))?.select();
        }}
      >
        ${icons.edit}
      </button>`;
  }

  /** @param {LayerCard} layer */
  #wires(layer) {
    const { model } = this.session;
    const from = model.edgesIn(layer.key);
    const to = model.edgesOut(layer.key);
    const link = (/** @type {string} */ key) =>
      html`<button type="button" class="link" @click=${() => this.#goTo(key)}>${key}</button>`;
    const made = (/** @type {string} */ blob, /** @type {number} */ index) => {
      const edge = from.find((candidate) => candidate.bottom === index);
      return edge ? { key: edge.source, shape: model.layer(edge.source)?.tops[edge.top]?.shape } : null;
    };
    const readers = (/** @type {number} */ top) => [
      ...new Set(to.filter((edge) => edge.top === top).map((edge) => edge.target)),
    ];
    return html`<dl class="wires">
      ${layer.bottoms.map((blob, index) => {
        const source = made(blob, index);
        return html`<dt>${t.bottom}</dt>
          <dd><code>${blob}</code> <span class="shape">${shapeText(source?.shape)}</span>
            <small>${source ? html`${t.from} ${link(source.key)}` : layer.active ? t.fromNowhere : nothing}</small></dd>`;
      })}
      ${layer.tops.map(
        (top, index) => html`<dt>${t.top}</dt>
          <dd><code>${top.name}</code> <span class="shape">${shapeText(top.shape)}</span>
            <small>${layer.in_place && layer.bottoms.includes(top.name) ? html`${t.inPlace} ` : nothing}${
              readers(index).length
                ? html`${t.to} ${readers(index)
                    .slice(0, 6)
                    .map((key, n) => html`${n ? ', ' : ''}${link(key)}`)}`
                : nothing
            }</small></dd>`,
      )}
    </dl>`;
  }

  /** @param {LayerCard} layer */
  #one(layer) {
    const type = this.catalogue.get(layer.type);
    const problems = this.session.model.diagnosticsOf(layer.key);
    return html`<div class="inspector-head" data-family=${layer.family}>
        <span class="family-bar"></span>
        <div class="inspector-title">
          <div class="inspector-name-row">${this.#layerName(layer)}</div>
          <p class="inspector-type"><b>${layer.type}</b>${layer.summary ? html` <span class="summary">${layer.summary}</span>` : nothing}</p>
        </div>
      </div>
      <p class="doc">${type?.doc ?? (layer.known ? '' : t.unknownType)}</p>
      ${layer.active ? nothing : html`<p class="note">${icons.info}${t.inactive(layer.phases)}</p>`}
      <section aria-label=${t.blobs}><h3>${t.blobs}</h3>${this.#wires(layer)}</section>
      <section aria-label=${t.parameters}>
        <h3>${t.parameters}</h3>
        ${layer.blobs.length ? html`<ng-param-table .session=${this.session} .layer=${layer}></ng-param-table>` : html`<p class="muted">${t.noParameters}</p>`}
        <ng-layer-weights .session=${this.session} .layer=${layer}></ng-layer-weights>
      </section>
      <ng-layer-form .session=${this.session} .layers=${[layer]}></ng-layer-form>
      ${sourceQuestions(this.session, layer.key)} ${layerCost(layer)}
      ${
        problems.length
          ? html`<section aria-label=${t.problems}>
            <h3>${t.problems}</h3>
            <ul class="problem-list compact">${problems.map((problem) => problemItem(this.session.readOnly ? { ...problem, fixes: [] } : problem, { fix: (fix) => void this.session.run(fix.operations) }))}</ul>
          </section>`
          : nothing
      }
      <p class="place muted"><button type="button" class="link quiet" @click=${(/** @type {MouseEvent} */ event) => this.#showLines(layer, event)}>${t.lines(layer.line, layer.end_line)}</button></p>`;
  }

  #net() {
    const { graph, info, readOnly } = this.session;
    return html`<div class="inspector-head" data-family="utility">
        <div class="inspector-title">
          <div class="inspector-name-row">${this.#netName()}</div>
          <p class="inspector-type">${t.wholeNet}</p>
        </div>
      </div>
      ${info?.id === EXAMPLE && !readOnly ? html`<p class="note">${icons.info}<span><b>${messages.app.thisIsAnExample}</b> ${messages.app.bringYourOwn}</span></p>` : nothing}
      <dl class="facts">
        <dt>${t.layers}</dt>
        <dd>${countText(graph.totals.layers)}${graph.layers.length > graph.totals.layers ? html` <small>${t.ofFile(graph.layers.length)}</small>` : nothing}</dd>
        ${netCost(graph.totals)}
        <dt>${t.outputs}</dt>
        <dd>${graph.outputs.length ? graph.outputs.map((blob, n) => html`${n ? ', ' : ''}<code>${blob}</code>`) : '–'}</dd>
        <dt>${t.groups}</dt>
        <dd>${graph.groups.length}</dd>
        <dt>${t.weightsFile}</dt>
        <dd>${info?.weights ? info.weights.name : t.weightsMissing}</dd>
        ${premisesFacts(this.session)}
      </dl>
      ${sourceQuestions(this.session)}
      <p class="hint">${t.selectHint}</p>`;
  }

  render() {
    const { selected } = this.session;
    const [first] = selected;
    if (!first) return this.#net();
    return selected.length === 1 ? this.#one(first) : severalLayers(this.session, selected);
  }
}

customElements.define('ng-inspector', Inspector);
