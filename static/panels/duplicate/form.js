/** The left half of the duplicate dialog: what to copy, how often, under which names, at which rates, what is shared. */

/** @import {GraphModel} from "../../model/graph-model.js" */
/** @import {LayerCard, Shape} from "../../model/types.js" */
/** @import {CopyChoice, CopyRateChoice, DuplicateOptions, InputChoice, JoinKind} from "./options.js" */

import { messages } from '../../messages.js';
import { html, live, nothing } from '../../vendor/lit.js';
import { icons } from '../icons.js';
import { rateProblem, readRate } from '../rates.js';
import { MOST_COPIES, affixProblems, usuallyShared, withAffix, withCopies } from './options.js';
import { inputPictures, joinPictures } from './pictures.js';
import { numberText, shapeText } from '../words.js';

const t = messages.duplicate;

/**
 * @typedef {object} FormContext
 * @property {DuplicateOptions} options
 * @property {(options: DuplicateOptions) => void} change
 * @property {GraphModel} model
 * @property {string} listText  the selection as it is typed
 * @property {string[]} unknown  words of it that name no layer
 * @property {(text: string) => void} changeList
 * @property {LayerCard[]} parametric  the selected layers that have parameters
 * @property {{inputs: Map<string, Shape | null>, outputs: Map<string, {shape: Shape | null, readers: string[]}>}} border
 */

/** @param {Event} event */
const textOf = (event) => /** @type {HTMLInputElement} */ (event.target).value;

/** @param {FormContext} context */
export function whatSection({ options, listText, unknown, changeList, border }) {
  return html`<section class="form-section" aria-labelledby="dup-what">
    <h3 id="dup-what">${t.what}</h3>
    <label class="field">
      <span class="visually-hidden">${t.layers}</span>
      <input
        class="layer-list"
        autofocus
        autocomplete="off"
        spellcheck="false"
        aria-invalid=${unknown.length || !options.layers.length ? 'true' : nothing}
        aria-describedby="dup-what-hint"
        .value=${live(listText)}
        @input=${(/** @type {Event} */ event) => changeList(textOf(event))}
      />
    </label>
    <p class="hint" id="dup-what-hint">
      ${unknown.length ? html`<span class="field-error" role="alert">${t.unknown(unknown)}</span>` : t.counted(options.layers.length, [...border.inputs.keys()], [...border.outputs.keys()])}
    </p>
  </section>`;
}

/** @param {FormContext} context */
export function copiesSection(context) {
  const { options, change } = context;
  const problems = affixProblems(options);
  return html`<section class="form-section" aria-labelledby="dup-copies">
    <div class="form-head">
      <h3 id="dup-copies">${t.copies}</h3>
      <div class="stepper" role="group" aria-label=${t.howMany}>
        <button type="button" class="button icon-only" aria-label=${t.fewer} ?disabled=${options.copies.length <= 2} @click=${() => change(withCopies(options, options.copies.length - 1))}>${icons.minus}</button>
        <output aria-live="polite">${options.copies.length}</output>
        <button type="button" class="button icon-only" aria-label=${t.moreCopies} ?disabled=${options.copies.length >= MOST_COPIES} @click=${() => change(withCopies(options, options.copies.length + 1))}>${icons.plus}</button>
      </div>
    </div>
    <table class="copies">
      <thead>
        <tr>
          <th scope="col"><span class="visually-hidden">${t.copy}</span></th>
          <th scope="col">
            <select aria-label=${t.affixKind} @change=${(/** @type {Event} */ event) => change(withAffix(options, /** @type {"suffix" | "prefix"} */ (textOf(event))))}>
              <option value="suffix" ?selected=${options.affix === 'suffix'}>${t.suffix}</option>
              <option value="prefix" ?selected=${options.affix === 'prefix'}>${t.prefix}</option>
            </select>
          </th>
          <th scope="col">${t.rate}</th>
        </tr>
      </thead>
      <tbody>${options.copies.map((copy, index) => copyRow(context, copy, index))}</tbody>
    </table>
    <label class="switch-line"><input type="checkbox" class="switch" .checked=${live(options.keepFirst)} @change=${() => change({ ...options, keepFirst: !options.keepFirst })} />${t.keepFirst}</label>
    ${problems.map((problem) => html`<p class="field-error" role="alert">${t.optionProblems[/** @type {"empty" | "twice"} */ (problem)]}</p>`)}
  </section>`;
}

/** Where the slider stops, evenly on a scale of ratios. */
const RATES = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100];

/** @param {number} value @returns {number} index of the stop nearest to it */
function nearestRate(value) {
  const away = (/** @type {number} */ rate) => Math.abs(Math.log(rate) - Math.log(Math.max(1e-9, value)));
  return RATES.reduce((best, rate, i) => (away(rate) < away(RATES[best]) ? i : best), 0);
}

/** @param {FormContext} context @param {CopyChoice} copy @param {number} index */
function copyRow({ options, change }, copy, index) {
  const put = (/** @type {Partial<CopyChoice>} */ patch) =>
    change({ ...options, copies: options.copies.map((other, n) => (n === index ? { ...other, ...patch } : other)) });
  const rate = (/** @type {Partial<CopyRateChoice>} */ patch) => put({ rate: { ...copy.rate, ...patch } });
  const kinds = /** @type {const} */ (['keep', 'set', 'scale', 'freeze']);
  const kept = options.keepFirst && index === 0;
  const number = (/** @type {Event} */ event) => {
    const input = /** @type {HTMLInputElement} */ (event.target);
    const problem = rateProblem(input.value) ?? (input.value.trim() ? null : messages.params.notANumber);
    input.setCustomValidity(problem ?? '');
    input.toggleAttribute('aria-invalid', problem !== null);
    if (problem === null) rate({ value: readRate(input.value) ?? 1 });
  };
  return html`<tr>
    <th scope="row"><span class="copy-number">${index + 1}</span></th>
    <td>
      ${
        kept
          ? html`<span class="muted">${t.keepsNames}</span>`
          : html`<input class="affix" aria-label=${t.affixOf(options.affix, index + 1)} autocomplete="off" spellcheck="false" .value=${live(copy.affix)} @input=${(/** @type {Event} */ event) => put({ affix: textOf(event) })} />`
      }
    </td>
    <td class="copy-rate">
      <select aria-label=${t.rateOf(index + 1)} @change=${(/** @type {Event} */ event) => {
        const kind = /** @type {CopyRateChoice["kind"]} */ (textOf(event));
        rate({ kind, value: kind === 'scale' ? 10 : 1 });
      }}>
        ${kinds.map((kind) => html`<option value=${kind} ?selected=${copy.rate.kind === kind}>${t.rates[kind]}</option>`)}
      </select>
      ${
        copy.rate.kind === 'set' || copy.rate.kind === 'scale'
          ? html`<input class="rate" inputmode="decimal" aria-label=${t.rateValue(index + 1)} autocomplete="off" .value=${live(numberText(copy.rate.value))} @input=${number} />
            <input
              type="range"
              min="0"
              max=${RATES.length - 1}
              step="1"
              aria-label=${t.rateSlider(index + 1)}
              aria-valuetext=${numberText(copy.rate.value)}
              title=${numberText(copy.rate.value)}
              .value=${live(String(nearestRate(copy.rate.value)))}
              @input=${(/** @type {Event} */ event) => rate({ value: RATES[Number(textOf(event))] })}
            />`
          : nothing
      }
      ${
        copy.layers.size
          ? html`<button type="button" class="button small quiet" title=${[...copy.layers.keys()].join(', ')} @click=${() => put({ layers: new Map() })}>${t.ownRates(copy.layers.size)}${icons.close}</button>`
          : nothing
      }
    </td>
  </tr>`;
}

/** @param {FormContext} context */
export function sharingSection({ options, change, parametric }) {
  const all = usuallyShared(parametric);
  const count = parametric.filter((layer) => options.shared.has(layer.key)).length;
  const set = (/** @type {Iterable<string>} */ keys) => change({ ...options, shared: new Set(keys) });
  const downTo = (/** @type {number} */ index) => set(usuallyShared(parametric.slice(0, index + 1)));
  const toggle = (/** @type {string} */ key) => {
    const shared = new Set(options.shared);
    if (!shared.delete(key)) shared.add(key);
    set(shared);
  };
  return html`<section class="form-section" aria-labelledby="dup-sharing">
    <div class="form-head">
      <h3 id="dup-sharing">${t.sharing}</h3>
      <div class="button-row">
        <button type="button" class="button small" ?disabled=${all.length > 0 && all.every((key) => options.shared.has(key))} @click=${() => set(all)}>${t.shareAll}</button>
        <button type="button" class="button small" ?disabled=${count === 0} @click=${() => set([])}>${t.shareNone}</button>
      </div>
    </div>
    <p class="hint">${t.sharingHint(count, parametric.length)}${parametric.length > 1 ? html` ${icons.downTo} ${t.downToLegend}` : nothing}</p>
    ${
      parametric.length
        ? html`<ul class="share-switches">
          ${parametric.map((layer, index) => {
            const on = options.shared.has(layer.key);
            return html`<li data-key=${layer.key} data-family=${layer.family}>
              <span class="family-bar"></span>
              <label><input type="checkbox" class="switch" role="switch" .checked=${live(on)} @change=${() => toggle(layer.key)} />
                <span class="layer-name">${layer.key}</span>
                <span class="shape">${layer.blobs.map((blob) => shapeText(blob.shape)).join(' + ')}</span>
                <span class="share-state">${on ? t.shared : t.independent}</span></label>
              <button type="button" class="button small quiet down-to" title=${t.downToHint} aria-label=${t.downTo(layer.key)} @click=${() => downTo(index)}>${icons.downTo}<span>${t.downToHere}</span></button>
            </li>`;
          })}
        </ul>`
        : html`<p class="muted">${t.nothingToShare}</p>`
    }
  </section>`;
}

/** @param {FormContext} context */
export function inputsSection({ options, change, border }) {
  const blobs = [...border.inputs];
  const kinds = /** @type {const} */ (['same', 'separate', 'slice']);
  const put = (/** @type {string} */ blob, /** @type {InputChoice} */ kind) =>
    change({ ...options, inputs: new Map(options.inputs).set(blob, kind) });
  return html`<section class="form-section" aria-labelledby="dup-inputs">
    <h3 id="dup-inputs">${t.inputs}</h3>
    ${blobs.length ? nothing : html`<p class="muted">${t.noInputs}</p>`}
    ${blobs.map(
      ([blob, shape]) => html`<fieldset class="choice">
        <legend><code>${blob}</code> <span class="shape">${shapeText(shape)}</span></legend>
        <div class="segmented drawn">
          ${kinds.map((kind) => {
            const on = (options.inputs.get(blob) ?? 'same') === kind;
            return html`<label title=${t.inputHints[kind]}><input type="radio" name=${`input-${blob}`} value=${kind} .checked=${live(on)} @change=${() => put(blob, kind)} /><span>${inputPictures[kind]}${t.inputKinds[kind]}</span></label>`;
          })}
        </div>
        <p class="hint">${t.inputHints[options.inputs.get(blob) ?? 'same']}</p>
      </fieldset>`,
    )}
    ${
      [...options.inputs.values()].includes('slice')
        ? html`<label class="field inline"><span class="field-label">${t.sliceAxis}</span><input type="number" class="rate" .value=${live(String(options.sliceAxis))} @input=${(/** @type {Event} */ event) => change({ ...options, sliceAxis: Number(textOf(event)) || 0 })} /></label>`
        : nothing
    }
  </section>`;
}

/** @param {FormContext} context */
export function joinSection({ options, change, border, model }) {
  const { join } = options;
  const put = (/** @type {Partial<DuplicateOptions["join"]>} */ patch) =>
    change({ ...options, join: { ...join, ...patch } });
  const kinds = /** @type {const} */ (['none', 'concat', 'eltwise', 'contrastive']);
  const outputs = [...border.outputs.keys()];
  const inside = new Set(options.layers);
  const labels =
    join.kind === 'contrastive'
      ? [
          ...new Set(
            model.graph.layers
              .filter((layer) => !inside.has(layer.key))
              .flatMap((layer) => layer.tops.map((top) => top.name)),
          ),
        ].slice(0, 200)
      : [];
  const chosen = join.blobs ?? outputs;
  return html`<section class="form-section" aria-labelledby="dup-join">
    <h3 id="dup-join">${t.join}</h3>
    <div class="segmented drawn" role="radiogroup" aria-labelledby="dup-join">
      ${kinds.map(
        (kind) =>
          html`<label title=${t.joinHints[kind]}><input type="radio" name="join" value=${kind} .checked=${live(join.kind === kind)} @change=${() => put({ kind: /** @type {JoinKind} */ (kind) })} /><span>${joinPictures[kind]}${t.joinKinds[kind]}</span></label>`,
      )}
    </div>
    <p class="hint">${t.joinHints[join.kind]}</p>
    ${
      join.kind === 'none'
        ? nothing
        : html`<div class="field-row">
          ${
            join.kind === 'concat'
              ? html`<label class="field"><span class="field-label">${t.axis}</span><input type="number" class="rate" .value=${live(String(join.axis))} @input=${(/** @type {Event} */ event) => put({ axis: Number(textOf(event)) || 0 })} /></label>`
              : nothing
          }
          ${
            join.kind === 'eltwise'
              ? html`<label class="field"><span class="field-label">${t.operation}</span><select @change=${(/** @type {Event} */ event) => put({ operation: textOf(event) })}>${['SUM', 'PROD', 'MAX'].map((name) => html`<option ?selected=${join.operation === name}>${name}</option>`)}</select></label>`
              : nothing
          }
          ${
            join.kind === 'contrastive'
              ? html`<label class="field"><span class="field-label">${t.label}</span><input list="dup-labels" autocomplete="off" spellcheck="false" .value=${live(join.label)} @input=${(/** @type {Event} */ event) => put({ label: textOf(event) })} /><datalist id="dup-labels">${labels.map((name) => html`<option value=${name}></option>`)}</datalist></label>`
              : nothing
          }
          <label class="field"><span class="field-label">${t.joinName}</span><input autocomplete="off" spellcheck="false" placeholder=${t.automatic} .value=${live(join.name)} @input=${(/** @type {Event} */ event) => put({ name: textOf(event) })} /></label>
        </div>
        ${join.kind === 'contrastive' && !join.label.trim() ? html`<p class="field-error" role="alert">${t.optionProblems.label}</p>` : nothing}
        ${
          outputs.length > 1
            ? html`<fieldset class="choice"><legend>${t.joined}</legend>${outputs.map((blob) => {
                const toggle = () =>
                  put({ blobs: outputs.filter((other) => (other === blob) !== chosen.includes(other)) });
                return html`<label class="check"><input type="checkbox" .checked=${live(chosen.includes(blob))} @change=${toggle} /><code>${blob}</code></label>`;
              })}</fieldset>`
            : nothing
        }`
    }
  </section>`;
}
