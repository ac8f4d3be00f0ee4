/** One layer's weights in the inspector: where it starts from, and what its values are like. */

/** @import {BlobStats, LayerWeights} from "../../api/weights.js" */
/** @import {LayerCard, Operation} from "../../model/types.js" */

import { WeightsApi } from '../../api/weights.js';
import { weights as t } from '../../messages/weights.js';
import { html, live, nothing, svg } from '../../vendor/lit.js';
import { Panel } from '../base.js';
import { icons } from '../icons.js';
import { numberText, shapeText } from '../words.js';
import { hasWeights } from './download.js';
import { tone } from './panel.js';

const HEIGHT = 32;
const REST_MS = 120;

export class LayerWeightsView extends Panel {
  static properties = { ...Panel.properties, layer: { attribute: false }, found: { state: true } };

  constructor() {
    super();
    /** @type {LayerCard} set by the inspector */
    this.layer = /** @type {any} */ (undefined);
    /** @type {LayerWeights | null} */
    this.found = null;
    this.of = '';
    this.open = false;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.waiting = undefined;
  }

  willUpdate() {
    const { info } = this.session;
    const there = info && hasWeights(info) && this.layer.blobs.length > 0;
    const files = there ? [info.weights, info.weight_sources] : null;
    const of = there ? JSON.stringify([info.id, info.revision, files, this.layer.key, this.open]) : '';
    if (of === this.of) return;
    if (this.found?.layer !== this.layer.name) this.found = null;
    this.of = of;
    clearTimeout(this.waiting);
    // Who runs through the layers by key asks for none of them.
    if (of) this.waiting = setTimeout(() => void this.#read(of), REST_MS);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.waiting);
  }

  /** @param {string} of */
  async #read(of) {
    const { info, client } = this.session;
    if (!info) return;
    const found = await new WeightsApi(client, info.id).layer(this.layer.key, this.open).catch(() => null);
    if (of === this.of) this.found = found;
  }

  /** Whether other layers own all its blobs, so that where it starts from says nothing. */
  get #owned() {
    return this.layer.blobs.every((blob) => blob.owner !== null && blob.owner !== this.layer.key);
  }

  /** @param {Event} event */
  async #take(event) {
    const select = /** @type {HTMLSelectElement} */ (event.target);
    const { layer } = this;
    const wanted = this.found?.candidates[Number(select.value)];
    /** @type {Operation | null} */
    const operation =
      select.value === 'filler'
        ? { op: 'leave_to_filler', layers: [layer.key] }
        : wanted
          ? { op: 'take_weights', layer: layer.key, from_layer: wanted.layer, source: wanted.source }
          : null;
    if (operation) await this.session.run([operation]);
    this.requestUpdate();
  }

  #line() {
    const kind = this.layer.weights ?? 'none';
    const text = t.lines[/** @type {keyof typeof t.lines} */ (kind)] ?? kind;
    const { origin, name } = this.layer;
    return html`<p class="weights-line" data-tone=${tone(kind)}>
      ${icons.weights}<span>${text}${origin && origin !== name ? html` ${t.storedAs} <code>${origin}</code>` : nothing}</span>
    </p>`;
  }

  /** @param {LayerWeights} found */
  #picker(found) {
    const { origin } = found;
    const filler = found.fate === 'filler';
    const titled = found.candidates.map((one) => (one.source ? `${one.layer} of ${one.source}` : one.layer));
    const at = titled.indexOf(origin ?? '');
    const sources = [...new Set(found.candidates.map((one) => one.source))];
    const now = filler ? 'filler' : at >= 0 ? String(at) : 'now';
    return html`<label class="take-from">${t.startFrom}
      <select .value=${live(now)} @change=${this.#take}>
        ${now === 'now' ? html`<option value="now">${t.chosen(origin ?? '–')}</option>` : nothing}
        <option value="filler" ?selected=${filler}>${t.filler}</option>
        ${sources.map(
          (source) => html`<optgroup label=${source || t.mainFile}>
            ${found.candidates.map((one, index) =>
              one.source === source ? html`<option value=${index} ?selected=${String(index) === now}>${titled[index]}</option>` : nothing,
            )}
          </optgroup>`,
        )}
      </select></label>`;
  }

  #surgery() {
    const { layer, session } = this;
    if (session.readOnly) return nothing;
    const button = (/** @type {string} */ label, /** @type {string} */ hint, /** @type {Operation} */ operation) =>
      html`<button type="button" class="button small" title=${hint} @click=${() => session.run([operation])}>${label}</button>`;
    if (layer.type === 'InnerProduct')
      return button(t.toConvolution, t.toConvolutionHint, { op: 'to_convolution', layer: layer.key });
    if (layer.type === 'BatchNorm' && layer.weights)
      return button(t.merge, t.mergeHint, { op: 'merge_batch_norm', layers: [layer.key] });
    return nothing;
  }

  /** @param {BlobStats} blob */
  #figures(blob) {
    const value = (/** @type {number | null} */ number) => (number === null ? '–' : numberText(Number(number.toPrecision(4))));
    const { min, max, mean, std } = blob;
    const rows = Object.entries({ min: value(min), max: value(max), mean: value(mean), std: value(std), zeros: t.percent(blob.zeros) });
    return html`<figure class="blob-figures">
      <figcaption><b>${blob.role}</b> <span class="shape">${shapeText(blob.shape)}</span>
        ${blob.nan ? html` <span class="not-finite">${icons.error}${t.nan(blob.nan)}</span>` : nothing}
        ${blob.inf ? html` <span class="not-finite">${icons.error}${t.inf(blob.inf)}</span>` : nothing}</figcaption>
      ${histogram(blob.histogram, t.histogram(blob.role, value(min), value(max)))}
      <dl>${rows.map(([name, text]) => html`<div><dt>${t.figures[/** @type {keyof typeof t.figures} */ (name)]}</dt><dd>${text}</dd></div>`)}</dl>
      ${blob.filters ? this.#filters() : nothing}
    </figure>`;
  }

  #filters() {
    const { info, client } = this.session;
    if (!info) return nothing;
    const url = new WeightsApi(client, info.id).filtersUrl(this.layer.key, info.revision);
    return html`<img class="filters" src=${url} alt=${t.filters(this.layer.name)} title=${t.filters(this.layer.name)} />`;
  }

  #values() {
    const blobs = this.found?.blobs ?? [];
    if (this.found && this.found.fate !== 'loads') return html`<p class="muted">${t.noValues}</p>`;
    return blobs.length ? blobs.map((blob) => this.#figures(blob)) : html`<p class="muted">${t.reading}</p>`;
  }

  render() {
    const { info } = this.session;
    if (!this.layer.blobs.length) return nothing;
    if (!info || !hasWeights(info)) return html`${this.#line()}<p class="weights-actions">${this.#surgery()}</p>`;
    return html`${this.#line()}
      <div class="weights-actions">${this.found && !this.#owned && !this.session.readOnly ? this.#picker(this.found) : nothing}${this.#surgery()}</div>
      <details
        class="weights-values"
        ?open=${this.open}
        @toggle=${(/** @type {Event} */ event) => {
          this.open = /** @type {HTMLDetailsElement} */ (event.target).open;
          this.requestUpdate();
        }}
      >
        <summary>${t.values}</summary>
        ${this.open ? this.#values() : nothing}
      </details>`;
  }
}

/** Bars whose height is the square root of the count, so that the tails are seen. @param {number[]} counts @param {string} label */
function histogram(counts, label) {
  const most = Math.sqrt(Math.max(1, ...counts));
  const bar = (/** @type {number} */ count, /** @type {number} */ at) => {
    const height = (Math.sqrt(count) / most) * HEIGHT;
    return count ? `M${at} ${HEIGHT}v${-height.toFixed(2)}h1v${height.toFixed(2)}z` : '';
  };
  return html`<svg class="histogram" viewBox=${`0 0 ${counts.length} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label=${label}>
    ${svg`<title>${label}</title><path d=${counts.map(bar).join('')} />`}
  </svg>`;
}

customElements.define('ng-layer-weights', LayerWeightsView);
