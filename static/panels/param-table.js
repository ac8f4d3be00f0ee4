/** The parameter blobs of one layer: role, shape, param name, rates to edit, and whom it shares with. */

/** @import {LayerCard, ParamBlob} from "../model/types.js" */

import { unshare } from '../commands/shares.js';
import { messages } from '../messages.js';
import { people } from '../messages/people.js';
import { html, live, nothing } from '../vendor/lit.js';
import { Panel } from './base.js';
import { effectiveField } from './effective.js';
import { icons } from './icons.js';
import { rateProblem, readRate } from './rates.js';
import { keepTyped, typed, typing } from './typing.js';
import { numberText, shapeText } from './words.js';

const t = messages.params;

/** What the layer itself states; null where it states nothing. @param {ParamBlob} blob @param {'lr_mult' | 'decay_mult'} field */
function ownRate(blob, field) {
  if (field === 'lr_mult') return blob.lr_own ?? (blob.lr_stated ? blob.lr : null);
  return blob.decay_own ?? (blob.decay_stated ? blob.decay : null);
}

export class ParamTable extends Panel {
  static properties = { ...Panel.properties, layer: { attribute: false } };

  constructor() {
    super();
    /** @type {LayerCard} set by the inspector */
    this.layer = /** @type {any} */ (undefined);
    /** @type {Map<string, string>} "0 lr_mult" -> what is wrong with what was typed */
    this.refused = new Map();
    /** @type {Map<string, string>} what was entered and did not come through yet, by the same */
    this.entered = new Map();
    /** What is under way: the place and the text. */
    this.sent = '';
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    const before = /** @type {LayerCard | undefined} */ (changed.get('layer'));
    if (!before || before.key === this.layer.key) return;
    this.refused.clear();
    this.entered.clear();
  }

  /** @param {ParamBlob} blob @param {"lr_mult" | "decay_mult"} field @param {HTMLInputElement} input */
  async #set(blob, field, input) {
    const id = `${blob.index} ${field}`;
    const sent = `${id} ${input.value}`;
    if (sent === this.sent) return; // Enter after a refusal is followed by a change of the same text
    const problem = rateProblem(input.value);
    this.entered.delete(id);
    if (problem) this.refused.set(id, problem);
    else this.refused.delete(id);
    this.requestUpdate();
    if (problem) return;
    const value = readRate(input.value);
    if (value === ownRate(blob, field)) return;
    const { key } = this.layer;
    this.entered.set(id, input.value);
    this.sent = sent;
    const done = await this.session.run([{ op: 'set_rate', layer: key, blob: blob.index, [field]: value }]);
    this.sent = '';
    if (this.layer.key !== key) return;
    if (done) this.entered.delete(id);
    else this.refused.set(id, people.clash.keep); // what was typed stays, for another try
    this.requestUpdate();
  }

  /** @param {ParamBlob} blob @param {"lr_mult" | "decay_mult"} field */
  #rate(blob, field) {
    const id = `${blob.index} ${field}`;
    const own = ownRate(blob, field);
    const inEffect = field === 'lr_mult' ? blob.lr : blob.decay;
    const now = numberText(inEffect);
    const ruled = own !== null && own !== inEffect ? blob.owner : null;
    const beside = html`${ruled ? html`<small class="ruled" title=${t.ruledBy(ruled)}>${t.ruled(now)}</small>` : nothing}${this.#effective(blob, field)}`;
    if (this.session.readOnly) return html`<span class="value">${own === null ? now : numberText(own)}</span>${beside}`;
    const problem = this.refused.get(id);
    const commit = (/** @type {Event} */ event) => {
      typed(event);
      void this.#set(blob, field, /** @type {HTMLInputElement} */ (event.target));
    };
    return html`<input
        class="rate"
        inputmode="decimal"
        autocomplete="off"
        aria-label=${t.rateLabel(blob.role, field)}
        aria-invalid=${problem ? 'true' : nothing}
        placeholder=${now}
        title=${problem ?? (own === null ? t.unstated(field, now) : t.stated(field))}
        .value=${live(keepTyped(this.find(`[data-id="${id}"]`), this.entered.get(id) ?? (problem ? this.#typed(id) : own === null ? '' : numberText(own))))}
        data-id=${id}
        @input=${typing}
        @blur=${typed}
        @change=${commit}
        @keydown=${(/** @type {KeyboardEvent} */ event) => {
          // the text is the same as before: no `change` will come of it
          const { value } = /** @type {HTMLInputElement} */ (event.target);
          if (event.key === 'Enter' && problem && this.entered.get(id) === value) commit(event);
        }}
      />
      ${problem ? html`<span class="field-error" role="alert">${problem}</span>` : nothing}
      ${beside}`;
  }

  /** What a rate comes to under the solver beside the net. @param {ParamBlob} blob @param {"lr_mult" | "decay_mult"} field */
  #effective(blob, field) {
    const names = { id: `effective-${blob.index}-${field}`, role: blob.role };
    return effectiveField(this.session, [{ layer: this.layer, blob }], field, names);
  }

  /** What was typed and refused is taken back. */
  leave() {
    this.refused.clear();
    this.entered.clear();
    this.requestUpdate();
  }

  /** What stands in a field now, right or wrong. @param {string} id */
  #typed(id) {
    return /** @type {HTMLInputElement | null} */ (this.find(`[data-id="${id}"]`))?.value ?? '';
  }

  /** @param {ParamBlob} blob */
  #sharing(blob) {
    if (!blob.group) return blob.param ? html`<span class="muted">${t.namedAlone(blob.param)}</span>` : nothing;
    const group = this.session.graph.groups.find((candidate) => candidate.name === blob.group);
    const others =
      group?.members.filter((member) => member.layer !== this.layer.key || member.blob !== blob.index) ?? [];
    return html`<div class="sharing" data-share=${this.session.model.groupColour(blob.group)}>
      <span class="share-chip">${icons.link}<code>${blob.group}</code></span>
      <span class="sharing-with"
        >${blob.owner ? t.ownedBy : t.owner}
        ${(blob.owner ? [blob.owner] : others.map((member) => member.layer))
          .slice(0, 4)
          .map(
            (key, n) =>
              html`${n ? ', ' : ''}<button type="button" class="link" @click=${() => this.session.select([key], { reveal: true })}>${key}</button>`,
          )}</span
      >
      ${
        this.session.readOnly
          ? nothing
          : html`<button
            type="button"
            class="button small quiet"
            title=${t.unshareHint}
            @click=${() => unshare(this.session, [{ layer: this.layer.key, blob: blob.index }])}
          >
            ${icons.unlink}${t.unshare}
          </button>`
      }
    </div>`;
  }

  /** @param {boolean} freeze */
  #freeze(freeze) {
    const { key, blobs } = this.layer;
    const rates = freeze ? { lr_mult: 0, decay_mult: 0 } : { lr_mult: null, decay_mult: null };
    return this.session.run(
      blobs.map((blob) => ({ op: /** @type {const} */ ('set_rate'), layer: key, blob: blob.index, ...rates })),
    );
  }

  render() {
    const { blobs, type } = this.layer;
    const frozen = blobs.every((blob) => blob.lr === 0);
    return html`<table class="params">
        <thead>
          <tr><th scope="col">${t.blob}</th><th scope="col"><code>lr_mult</code></th><th scope="col"><code>decay_mult</code></th></tr>
        </thead>
        <tbody>
          ${blobs.map(
            (blob) => html`<tr>
                <th scope="row">${blob.role}<span class="shape">${shapeText(blob.shape)}</span></th>
                <td>${this.#rate(blob, 'lr_mult')}</td>
                <td>${this.#rate(blob, 'decay_mult')}</td>
              </tr>
              ${blob.group || blob.param ? html`<tr class="sharing-row"><td colspan="3">${this.#sharing(blob)}</td></tr>` : nothing}`,
          )}
        </tbody>
      </table>
      ${
        type === 'BatchNorm' || this.session.readOnly
          ? nothing
          : html`<button type="button" class="button small" @click=${() => this.#freeze(!frozen)}>${icons.freeze}${frozen ? t.unfreeze : t.freeze}</button>`
      }`;
  }
}

customElements.define('ng-param-table', ParamTable);
