/** What a rate comes to under the solver beside the net, told and set: what one writes there is divided by the solver's own rate. */

/** @import {Session} from "../api/session.js" */
/** @import {LayerCard, ParamBlob} from "../model/types.js" */

import { messages } from '../messages.js';
import { html, live, nothing } from '../vendor/lit.js';
import { multiplierFor } from './rates.js';
import { keepTyped, typed, typing } from './typing.js';
import { numberText } from './words.js';

const t = messages.premises.solver;

/** @typedef {{layer: LayerCard, blob: ParamBlob}} Place */

/**
 * @param {Session} session @param {readonly Place[]} places whose rates are set alike @param {'lr_mult' | 'decay_mult'} field
 * @param {{id: string, role: string}} names
 */
export function effectiveField(session, places, field, { id, role }) {
  const solver = session.info?.solver;
  const values = places.map(({ blob }) => (field === 'lr_mult' ? blob.rate : blob.decay_rate));
  if (!solver || values.some((value) => value === undefined || value === null)) return nothing;
  const numbers = [...new Set(/** @type {number[]} */ (values))].sort((a, b) => a - b).map(numberText);
  const [base, name] = field === 'lr_mult' ? [solver.base_lr, 'base_lr'] : [solver.weight_decay, 'weight_decay'];
  const one = numbers.length === 1 ? (numbers[0] ?? '') : '';
  const said = t.rateHint(`${name} ${numberText(base)}`, [...new Set(places.map(({ blob }) => numberText(field === 'lr_mult' ? blob.lr : blob.decay)))].join(', '));
  return html`<label class="effective" title=${said}><span aria-hidden="true">=</span><input
      id=${id}
      class="rate"
      inputmode="decimal"
      autocomplete="off"
      aria-label=${t.rateOf(role, field)}
      placeholder=${one ? '' : `${numbers[0]} … ${numbers.at(-1)}`}
      ?disabled=${base === 0 || session.readOnly}
      .value=${live(keepTyped(document.getElementById(id), one))}
      @input=${typing}
      @blur=${typed}
      @change=${(/** @type {Event} */ event) => {
        typed(event);
        const input = /** @type {HTMLInputElement} */ (event.target);
        const value = multiplierFor(input.value, base);
        input.setCustomValidity(value === null && input.value.trim() ? messages.params.notANumber : '');
        if (value === null) {
          if (!input.reportValidity()) return;
          input.value = one;
          return;
        }
        void session.run(places.map(({ layer, blob }) => ({ op: /** @type {const} */ ('set_rate'), layer: layer.key, blob: blob.index, [field]: value })));
      }}
    /></label>`;
}
