/** Several layers at once: their rates by the role of the blob, and sharing them with each other. */

/** @import {Session} from "../api/session.js" */
/** @import {LayerCard, Operation} from "../model/types.js" */

import { unshare } from '../commands/shares.js';
import { messages } from '../messages.js';
import { weights } from '../messages/weights.js';
import { takeAll } from '../model/take-all.js';
import { html, live, nothing } from '../vendor/lit.js';
import { effectiveField } from './effective.js';
import { icons } from './icons.js';
import { rateProblem, readRate } from './rates.js';
import { keepTyped, typed, typing } from './typing.js';
import { numberText } from './words.js';

const t = messages.multi;
/** BatchNorm's statistics are not learned: Caffe insists on a rate of 0. */
const STATISTICS = new Set(['mean', 'variance', 'factor']);

/** @import {Place} from "./effective.js" */

/** @param {readonly LayerCard[]} layers @returns {Map<string, Place[]>} role -> the blobs that play it */
function byRole(layers) {
  /** @type {Map<string, Place[]>} */
  const roles = new Map();
  for (const layer of layers) {
    for (const blob of layer.blobs) {
      if (STATISTICS.has(blob.role)) continue;
      const places = roles.get(blob.role) ?? [];
      places.push({ layer, blob });
      roles.set(blob.role, places);
    }
  }
  return roles;
}

/** @param {readonly LayerCard[]} layers @returns {Operation[]} one a blob index, or none where they do not fit together */
export function shareAll(layers) {
  const [first, ...rest] = layers;
  if (!first?.blobs.length || !rest.length) return [];
  const fits = rest.every((layer) => layer.type === first.type && layer.blobs.length === first.blobs.length);
  if (!fits) return [];
  return first.blobs.map((blob) => ({
    op: /** @type {const} */ ('share'),
    members: layers.map((layer) => ({ layer: layer.key, blob: blob.index })),
  }));
}

/** @param {Session} session @param {readonly LayerCard[]} layers */
function startAll(session, layers) {
  const others = (session.info?.weight_sources ?? []).map((one) => one.source);
  if (session.readOnly || !others.length || !takeAll(layers, '', others).length) return nothing;
  const names = ['', ...others];
  return html`<section aria-label=${weights.startFrom}>
      <h3>${weights.startFrom}</h3>
      <div class="button-row">${names.map(
        (source) =>
          html`<button type="button" class="button small" title=${t.startHint} @click=${() => session.run(takeAll(layers, source, others))}>${icons.weights}${source || weights.mainFile}</button>`,
      )}</div>
    </section>`;
}

/**
 * @param {Session} session @param {Place[]} places @param {"lr_mult" | "decay_mult"} field
 * @param {HTMLInputElement} input
 */
function setAll(session, places, field, input) {
  const problem = rateProblem(input.value);
  input.setCustomValidity(problem ?? '');
  input.toggleAttribute('aria-invalid', problem !== null);
  if (problem) {
    input.reportValidity();
    return;
  }
  const value = readRate(input.value);
  void session.run(
    places.map(({ layer, blob }) => ({ op: 'set_rate', layer: layer.key, blob: blob.index, [field]: value })),
  );
}

/** @param {Session} session @param {string} role @param {Place[]} places */
function roleRow(session, role, places) {
  const field = (/** @type {"lr_mult" | "decay_mult"} */ name) => {
    const values = new Set(places.map(({ blob }) => (name === 'lr_mult' ? blob.lr : blob.decay)));
    const [only] = values;
    const one = values.size === 1 && only !== undefined ? numberText(only) : '';
    const id = `rate-${role}-${name}`;
    if (session.readOnly) return html`<td><span class="value">${one || t.mixed}</span></td>`;
    return html`<td><input
      id=${id}
      class="rate"
      inputmode="decimal"
      autocomplete="off"
      aria-label=${t.rateLabel(role, name, places.length)}
      placeholder=${one ? '' : t.mixed}
      title=${one ? '' : [...values].map(numberText).join(', ')}
      .value=${live(keepTyped(document.getElementById(id), one))}
      @input=${typing}
      @blur=${typed}
      @change=${(/** @type {Event} */ event) => {
        typed(event);
        setAll(session, places, name, /** @type {HTMLInputElement} */ (event.target));
      }}
    />${effectiveField(session, places, name, { id: `effective-${role}-${name}`, role })}</td>`;
  };
  return html`<tr><th scope="row">${role}<span class="shape">${t.layers(places.length)}</span></th>${field('lr_mult')}${field('decay_mult')}</tr>`;
}

/** @param {Session} session @param {readonly LayerCard[]} layers */
export function severalLayers(session, layers) {
  const roles = byRole(layers);
  const places = [...roles.values()].flat();
  const sharing = shareAll(layers);
  const grouped = layers.filter((layer) => layer.blobs.some((blob) => blob.group));
  const each = (/** @type {Record<string, number>} */ rates) =>
    session.run(places.map(({ layer, blob }) => ({ op: 'set_rate', layer: layer.key, blob: blob.index, ...rates })));
  const types = [...new Set(layers.map((layer) => layer.type))];
  return html`<div class="inspector-head" data-family=${types.length === 1 ? (layers[0]?.family ?? 'utility') : 'utility'}>
      <span class="family-bar"></span>
      <div class="inspector-title">
        <h2 class="inspector-name">${t.title(layers.length)}</h2>
        <p class="inspector-type">${types.slice(0, 5).join(', ')}${types.length > 5 ? ' …' : ''}</p>
      </div>
    </div>
    <section aria-label=${t.rates}>
      <h3>${t.rates}</h3>
      ${
        places.length
          ? html`<table class="params">
              <thead><tr><th scope="col">${messages.params.blob}</th><th scope="col"><code>lr_mult</code></th><th scope="col"><code>decay_mult</code></th></tr></thead>
              <tbody>${[...roles].map(([role, found]) => roleRow(session, role, found))}</tbody>
            </table>
            <div class="button-row" ?hidden=${session.readOnly}>
              <button type="button" class="button small" @click=${() => each({ lr_mult: 0, decay_mult: 0 })}>${icons.freeze}${t.freeze}</button>
              <button type="button" class="button small" title=${t.scaleHint} @click=${() => each({ scale_lr: 0.1 })}>${t.scale(0.1)}</button>
              <button type="button" class="button small" title=${t.scaleHint} @click=${() => each({ scale_lr: 10 })}>${t.scale(10)}</button>
            </div>`
          : html`<p class="muted">${t.noParameters}</p>`
      }
    </section>
    ${
      (sharing.length || grouped.length) && !session.readOnly
        ? html`<section aria-label=${t.sharing}>
          <h3>${t.sharing}</h3>
          <div class="button-row">
            ${sharing.length ? html`<button type="button" class="button small" title=${t.shareHint} @click=${() => session.run(sharing)}>${icons.link}${t.share}</button>` : nothing}
            ${
              grouped.length
                ? html`<button
                  type="button"
                  class="button small"
                  @click=${() => unshare(session, grouped.map(({ key }) => ({ layer: key, blob: null })))}
                >
                  ${icons.unlink}${t.unshare}
                </button>`
                : nothing
            }
          </div>
        </section>`
        : nothing
    }
    ${startAll(session, layers)}
    ${types.length === 1 ? html`<ng-layer-form .session=${session} .layers=${layers}></ng-layer-form>` : nothing}
    <section aria-label=${t.list}>
      <h3>${t.list}</h3>
      <ul class="chips">${layers
        .slice(0, 60)
        .map(
          (layer) =>
            html`<li><button type="button" class="chip" data-family=${layer.family} @click=${() => session.select([layer.key], { reveal: true })}><span class="family-bar"></span>${layer.key}</button></li>`,
        )}${layers.length > 60 ? html`<li class="muted">${t.more(layers.length - 60)}</li>` : nothing}</ul>
    </section>`;
}
