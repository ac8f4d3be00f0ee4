/** How the weights meet the net: the files, what loading does to each blob, and the proof of the export. */

/** @import {BlobMatch, LayerMatch, Proof, WeightsAnswer} from "../../api/weights.js" */

import { uploading } from '../../api/progress.js';
import { WeightsApi } from '../../api/weights.js';
import { weights as t } from '../../messages/weights.js';
import { html, nothing } from '../../vendor/lit.js';
import { Panel } from '../base.js';
import { icons } from '../icons.js';
import { shapeText, sizeText } from '../words.js';
import { hasWeights, proofOf, proveExport } from './download.js';
import { unloaded } from './unloaded.js';

const SHOWN_AT_FIRST = 150;
const NAMED = 6;

/** @param {string} state */
export function tone(state) {
  return state === 'loads' ? 'ok' : state.endsWith('clash') ? 'error' : 'muted';
}

export class WeightsPanel extends Panel {
  static properties = { ...Panel.properties, answer: { state: true }, only: { state: true }, limit: { state: true } };

  constructor() {
    super();
    /** @type {WeightsAnswer | null} */
    this.answer = null;
    /** what `answer` is of: it is asked for anew when the document or its weights are others */
    this.of = '';
    this.only = false;
    this.limit = SHOWN_AT_FIRST;
    this.busy = false;
  }

  willUpdate() {
    const { info } = this.session;
    const of = info && hasWeights(info) ? JSON.stringify([info.id, info.revision, info.weights, info.weight_sources]) : '';
    if (of === this.of) return;
    if (!of || JSON.parse(this.of || '[]')[0] !== info?.id) this.answer = null;
    this.of = of;
    if (of) void this.#read(of);
  }

  /** @param {string} of */
  async #read(of) {
    const { info, client } = this.session;
    if (!info) return;
    const answer = await new WeightsApi(client, info.id).read().catch(() => null);
    if (of === this.of) this.answer = answer;
  }

  /** @param {Event} event */
  async #add(event) {
    const input = /** @type {HTMLInputElement} */ (event.target);
    const [file] = input.files ?? [];
    input.value = '';
    const { session } = this;
    if (!file || !session.info) return;
    const api = new WeightsApi(session.client, session.info.id);
    const source = sourceName(file.name, session.info.weight_sources.map((one) => one.source));
    const answer = await uploading(session, file.name, (options) => api.put(source, file, options));
    if (!answer) return;
    await session.attempt(() => session.reload());
    session.notices.add({ kind: 'ok', title: t.added(source), detail: t.addedHint });
  }

  /** Two nets into one: the layers of a second net, each from its own caffemodel. @param {Event} event @param {string} source */
  async #net(event, source) {
    const input = /** @type {HTMLInputElement} */ (event.target);
    const [file] = input.files ?? [];
    input.value = '';
    if (!file) return;
    const { session } = this;
    const result = await session.run([{ op: 'paste', text: await file.text(), keep_inputs: true, source }]);
    if (!result) return;
    session.select(result.report?.added ?? [], { reveal: true });
    session.notices.add({ kind: 'ok', title: t.netAdded(result.report?.added.length ?? 0) });
  }

  /** @param {string} source */
  async #remove(source) {
    const { session } = this;
    const { info } = session;
    if (!info) return;
    const gone = await session.attempt(() => new WeightsApi(session.client, info.id).remove(source));
    if (gone) await session.attempt(() => session.reload());
  }

  async #prove() {
    this.busy = true;
    this.requestUpdate();
    await proveExport(this.session, this.answer?.export.too_large ? 'hdf5' : 'caffemodel');
    this.busy = false;
    this.requestUpdate();
  }

  #head() {
    const { answer } = this;
    const norms = this.session.graph.layers.some((layer) => layer.type === 'BatchNorm');
    return html`<div class="weights-head">
      ${
        answer?.weights
          ? html`<span class="source-chip">${icons.weights}<b>${answer.weights.name}</b><small>${sizeText(answer.weights.size)}</small></span>`
          : nothing
      }
      ${answer?.sources.map(
        (each) => html`<span class="source-chip" title=${each.name}>${icons.weights}<b>${each.source}</b><small>${sizeText(each.size)}</small>
          <label class="button small quiet" ?hidden=${this.session.readOnly} title=${t.netHint(each.source)}>${icons.plus}${t.net}<input type="file" class="visually-hidden" accept=".prototxt,.pbtxt,.txt" aria-label=${t.netHint(each.source)} @change=${(/** @type {Event} */ event) => this.#net(event, each.source)} /></label>
          <button type="button" class="button icon-only quiet" ?hidden=${this.session.readOnly} aria-label=${t.remove(each.source)} title=${t.remove(each.source)} @click=${() => this.#remove(each.source)}>${icons.close}</button></span>`,
      )}
      <label class="button small" ?hidden=${this.session.readOnly} title=${t.anotherHint}>${icons.open}${t.another}<input type="file" class="visually-hidden" accept=".caffemodel,.h5" @change=${this.#add} /></label>
      <label class="check weights-only"><input type="checkbox" .checked=${this.only} @change=${() => (this.only = !this.only)} />${t.only}</label>
      <span class="grow"></span>
      ${answer ? html`<span class="muted">${t.size(sizeText(answer.export.size))}</span>` : nothing}
      ${norms && !this.session.readOnly ? html`<button type="button" class="button small" title=${t.mergeAllHint} @click=${() => this.session.run([{ op: 'merge_batch_norm' }])}>${t.mergeAll}</button>` : nothing}
      <button type="button" class="button small" title=${t.proveHint} ?disabled=${this.busy} @click=${this.#prove}>${icons.ok}${t.prove}</button>
    </div>
    ${answer ? this.#told(answer) : nothing}
    ${answer?.export.too_large ? html`<p class="weights-note" data-tone="error">${icons.error}${t.tooLarge}. ${t.tooLargeDetail}</p>` : nothing}`;
  }

  /** What loads and what does not, at a glance. @param {WeightsAnswer} answer */
  #told({ layers }) {
    const { open, clash } = unloaded(layers.map(({ layer, fate }) => ({ key: layer, weights: fate })));
    const loaded = layers.length - open.length - clash.length;
    const names = (/** @type {string[]} */ keys) => html`${keys.slice(0, NAMED).map((key, at) => html`${at ? ', ' : ' '}<button type="button" class="link" @click=${() => this.session.select([key], { reveal: true })}>${key}</button>`)}${
      keys.length > NAMED ? html` <button type="button" class="link" @click=${() => this.session.select(keys, { reveal: true })}>${t.andMore(keys.length - NAMED)}</button>` : nothing}`;
    return html`<p class="weights-told">
      <span>${icons.ok}${t.toldLoads(loaded, layers.length)}</span>
      ${open.length ? html`<span data-tone="filler">${icons.warning}<span>${t.toldFillers(open.length)}${names(open)}</span></span>` : nothing}
      ${clash.length ? html`<span data-tone="error">${icons.error}<span>${t.toldClashes(clash.length)}${names(clash)}</span></span>` : nothing}
    </p>`;
  }

  /** What the proof found of a blob. @param {Proof} proof @param {LayerMatch} row @param {BlobMatch | null} blob */
  #proved(proof, row, blob) {
    const found = proof.rows.find((one) => one.layer === row.layer && one.blob === (blob?.index ?? 0));
    if (!found) return html`<td></td>`;
    const say = t.findings[/** @type {keyof typeof t.findings} */ (found.finding)];
    if (!say) return html`<td class="not-proved">${icons.error}${found.message || found.finding}</td>`;
    return found.finding === 'equal'
      ? html`<td class="proved" title=${t.bitForBit}>${icons.ok}<code>${say(found.source)}</code></td>`
      : html`<td class="muted">${say(found.source)}</td>`;
  }

  /** @param {LayerMatch} row @param {BlobMatch | null} blob @param {number} at @param {Proof | null} proof */
  #cells(row, blob, at, proof) {
    const state = blob?.state ?? row.fate;
    const known = t.fates[/** @type {keyof typeof t.fates} */ (state)] ?? state;
    const said = state === 'filler' && blob?.filler ? t.startsFrom(blob.filler) : known;
    const words = blob?.message || (at === 0 && row.fate !== 'filler' ? row.message : '');
    return html`<tr data-tone=${tone(state)}>
      ${
        at === 0
          ? html`<th scope="rowgroup" rowspan=${Math.max(1, row.blobs.length)}>
            <button type="button" class="link" @click=${() => this.session.select([row.layer], { reveal: true })}>${row.layer}</button>
            <small class="muted">${row.type}</small></th>`
          : nothing
      }
      <td>${blob?.role ?? ''}</td>
      <td class="shape">${blob ? shapeText(blob.shape) : ''}</td>
      <td class="shape">${blob?.stored_shape ? shapeText(blob.stored_shape) : '–'}</td>
      <td><span class="fate">${said}</span>${words ? html`<small class="caffe-words">${words}</small>` : nothing}</td>
      <td>${blob?.owner ? html`<small class="muted">${t.ownedBy(blob.owner)}</small>` : at === 0 && row.origin ? html`<code>${row.origin}</code>` : nothing}</td>
      ${proof ? this.#proved(proof, row, blob) : nothing}
    </tr>`;
  }

  /** @param {WeightsAnswer} answer */
  #table(answer) {
    const wanted = answer.layers.filter((row) => !this.only || row.fate !== 'loads');
    const rows = wanted.slice(0, this.limit);
    const proof = proofOf(this.session);
    const titles = [...Object.values(t.columns), ...(proof ? [t.proofTitle] : [])];
    return html`${
        rows.length
          ? html`<table class="weights-table">
            <thead><tr>${titles.map((title) => html`<th scope="col">${title}</th>`)}</tr></thead>
            ${rows.map((row) => html`<tbody>${row.blobs.length ? row.blobs.map((blob, at) => this.#cells(row, blob, at, proof)) : this.#cells(row, null, 0, proof)}</tbody>`)}
          </table>`
          : html`<p class="nothing all-well">${icons.ok}${t.allLoads}</p>`
      }
      ${
        wanted.length > rows.length
          ? html`<button type="button" class="button small" @click=${() => (this.limit = Infinity)}>${t.more(wanted.length - rows.length)}</button>`
          : nothing
      }
      ${answer.unused.length ? html`<p class="weights-note">${t.unused}: ${answer.unused.map((name, at) => html`${at ? ', ' : ''}<code>${name}</code>`)}</p>` : nothing}
      ${answer.notes.map((note) => html`<p class="weights-note muted">${note}</p>`)}`;
  }

  render() {
    const { info } = this.session;
    if (!info || !hasWeights(info)) return html`<div class="nothing"><p>${t.nothing}</p><p class="muted">${t.nothingHint}</p>${
      this.session.readOnly ? nothing : html`<button type="button" class="button small" @click=${() => this.dispatchEvent(new CustomEvent('command', { detail: { command: 'open-files' }, bubbles: true }))}>${icons.open}${t.choose}</button>`
    }</div>`;
    return html`${this.#head()}${this.answer ? this.#table(this.answer) : nothing}`;
  }
}

/** A short name for a file that no other source has. @param {string} file @param {readonly string[]} taken */
function sourceName(file, taken) {
  const stem = file.replace(/\.caffemodel(\.h5)?$|\.h5$/i, '').replaceAll('/', '_').slice(0, 80) || 'weights';
  let name = stem;
  for (let number = 2; taken.includes(name); number += 1) name = `${stem}-${number}`;
  return name;
}

customElements.define('ng-weights', WeightsPanel);
