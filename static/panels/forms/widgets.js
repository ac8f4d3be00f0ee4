/** One row of a form, and what one fills in by the kind of field. What is set goes to `set`: a value as the text spells it, null for none. */

/** @import {FormField} from "../../api/schema.js" */
/** @import {Common, Step} from "../../model/stated.js" */

import { forms as t } from '../../messages/forms.js';
import { stepped } from '../../model/numbers.js';
import { pathText, rowSpelled, shapeSpelled } from '../../model/stated.js';
import { html, live, nothing } from '../../vendor/lit.js';
import { keepTyped, typed as settled, typing } from '../typing.js';

/** @typedef {{typed: string, problem: string}} Refused */
/** @typedef {{id: string, describedby: string, invalid: 'true' | typeof nothing}} Given  what ties a widget to its row */
/** @typedef {(value: string | null, typed: string) => void} Set */
/** @typedef {Given & {field: FormField, now: Common, refused: Refused | undefined, set: Set}} Options */

/**
 * @param {object} options
 * @param {FormField} options.field @param {readonly Step[]} options.path @param {Refused | undefined} options.refused
 * @param {boolean} options.stated @param {string} [options.label] @param {boolean} [options.quiet]
 * @param {(given: Given) => unknown} widget
 */
export function rowOf({ field, path, refused, stated, label = field.name, quiet = false }, widget) {
  const id = `form-${pathText(path)}`;
  const doc = field.doc || (field.repeated ? t.list : '');
  const given = { id, describedby: `${id}-doc`, invalid: refused ? 'true' : nothing };
  return html`<div class=${`form-row${stated ? ' stated' : ''}${quiet ? ' quiet' : ''}`} data-field=${pathText(path)}>
    <label for=${id} title=${doc}>${label}</label>
    <div class="form-widget">${widget(/** @type {Given} */ (given))}</div>
    ${refused ? html`<span class="field-error" role="alert">${refused.problem}</span>` : nothing}
    <small id=${given.describedby} class="form-doc">${doc || field.type}</small>
  </div>`;
}

/** What stands there, where it may only be read. @param {Given} given @param {string | null} text */
export function valueWidget({ id }, text) {
  return html`<output id=${id} class="value">${text || t.unset}</output>`;
}

/** Enter sends again what was refused: a field whose text is the same fires no `change`. @param {KeyboardEvent} event @param {Refused | undefined} refused @param {(typed: string) => void} commit */
function again(event, refused, commit) {
  const { value } = /** @type {HTMLInputElement} */ (event.target);
  if (event.key !== 'Enter' || refused?.typed !== value) return false;
  event.preventDefault();
  commit(value);
  return true;
}

const WHOLE = /^u?int/;

/** A text of this length or more, or of several lines, gets room for all of it. */
const LONG = 26;

/** A number, a text of any length, or several numbers by commas. @param {Options & {placeholder?: string | undefined}} options */
export function textWidget({ id, describedby, invalid, field, now, refused, set, placeholder }) {
  const commit = (/** @type {string} */ typed) => {
    const text = typed.trim();
    if (!refused && (text === (now.text ?? '') || typed === now.text) && !(now.mixed && text)) return;
    set(text === '' ? null : field.repeated ? rowSpelled(text) : typed, typed);
  };
  const text = keepTyped(document.getElementById(id), refused ? refused.typed : (now.text ?? ''));
  const hint = now.mixed ? t.mixed : (placeholder ?? field.default ?? t.unset);
  if (field.type === 'string') {
    return html`<textarea
      id=${id}
      class=${text.length >= LONG || text.includes('\n') ? 'long' : ''}
      rows="1"
      autocomplete="off"
      spellcheck="false"
      aria-describedby=${describedby}
      aria-invalid=${invalid}
      placeholder=${hint}
      .value=${live(text)}
      @input=${typing}
      @blur=${settled}
      @change=${(/** @type {Event} */ event) => {
        settled(event);
        commit(/** @type {HTMLTextAreaElement} */ (event.target).value);
      }}
      @keydown=${(/** @type {KeyboardEvent} */ event) => {
        if (event.key !== 'Enter' || event.shiftKey) return;
        event.preventDefault(); // Enter takes the text, Shift+Enter breaks its line
        settled(event);
        commit(/** @type {HTMLTextAreaElement} */ (event.target).value);
      }}
    ></textarea>`;
  }
  const whole = WHOLE.test(field.type) && !field.repeated;
  return html`<input
    id=${id}
    class="number"
    autocomplete="off"
    spellcheck="false"
    inputmode=${whole ? 'numeric' : 'decimal'}
    aria-describedby=${describedby}
    aria-invalid=${invalid}
    placeholder=${hint}
    .value=${live(text)}
    @input=${typing}
    @blur=${(/** @type {FocusEvent} */ event) => {
      if (!flush(event, commit)) settled(event);
    }}
    @change=${(/** @type {Event} */ event) => {
      settled(event);
      commit(/** @type {HTMLInputElement} */ (event.target).value);
    }}
    @keydown=${(/** @type {KeyboardEvent} */ event) => {
      const way = { ArrowUp: 1, ArrowDown: -1 }[event.key];
      const input = /** @type {HTMLInputElement} */ (event.target);
      if (event.key === 'Enter' && !flush(event, commit)) again(event, refused, commit);
      if (!way || field.repeated || event.altKey) return;
      const next = stepped(input.value || field.default || '', way, { whole, unsigned: field.type.startsWith('u'), times: event.shiftKey ? 10 : 1 });
      if (next === null) return;
      event.preventDefault();
      input.value = next;
      typing(event);
      clearTimeout(steps.get(input));
      steps.set(input, window.setTimeout(() => flush({ target: input }, commit), STEP_PAUSE));
    }}
  />`;
}

/** Several steps in a row are one edit: it is made when they pause. ms */
const STEP_PAUSE = 400;
/** @type {WeakMap<HTMLInputElement, number>} timers of fields that were stepped and not sent */
const steps = new WeakMap();

/** Sends what was stepped to. @param {{target: EventTarget | null}} event @param {(typed: string) => void} commit @returns {boolean} whether there was anything */
function flush(event, commit) {
  const input = /** @type {HTMLInputElement} */ (event.target);
  if (!steps.has(input)) return false;
  clearTimeout(steps.get(input));
  steps.delete(input);
  if (input.dataset.typing === undefined) return false; // left by Escape meanwhile
  delete input.dataset.typing;
  commit(input.value);
  return true;
}

/** One of the names that Caffe knows. @param {Options} options */
export function choiceWidget({ id, describedby, invalid, field, now, refused, set }) {
  const text = refused ? refused.typed : now.text;
  const strange = text !== null && !field.values.includes(text) ? text : null;
  return html`<select
    id=${id}
    aria-describedby=${describedby}
    aria-invalid=${invalid}
    @change=${(/** @type {Event} */ event) => {
      const chosen = /** @type {HTMLSelectElement} */ (event.target).value;
      set(chosen || null, chosen);
    }}
  >
    ${now.mixed ? html`<option value="" disabled .selected=${true}>${t.mixed}</option>` : nothing}
    <option value="" .selected=${!now.mixed && text === null}>${t.byDefault(field.default)}</option>
    ${strange === null ? nothing : html`<option value=${strange} .selected=${true}>${strange}</option>`}
    ${field.values.map((name) => html`<option value=${name} .selected=${name === text}>${name}</option>`)}
  </select>`;
}

const TRUE = new Set(['true', 't', '1', 'True']);

/** On or off; back to what Caffe assumes anyway takes the statement out. @param {Options} options */
export function switchWidget({ id, describedby, field, now, set }) {
  const assumed = field.default === 'true';
  const on = now.text === null ? assumed : TRUE.has(now.text);
  return html`<input
    id=${id}
    type="checkbox"
    class="switch"
    role="switch"
    aria-describedby=${describedby}
    .checked=${live(on)}
    .indeterminate=${now.mixed}
    @change=${(/** @type {Event} */ event) => {
      const { checked } = /** @type {HTMLInputElement} */ (event.target);
      set(field.default !== null && checked === assumed ? null : String(checked), String(checked));
    }}
  /><span class="form-state">${now.mixed ? t.mixed : now.stated ? String(on) : t.byDefault(field.default)}</span>`;
}

/** @param {Given & {now: string, refused: Refused | undefined, set: Set, refuse: (typed: string, problem: string) => void}} options */
export function shapeWidget({ id, describedby, invalid, now, refused, set, refuse }) {
  const commit = (/** @type {string} */ value) => {
    if (!refused && value.trim() === now) return;
    if (!value.trim()) {
      if (now) set(null, value);
      return;
    }
    const spelled = shapeSpelled(value.trim());
    if (spelled === null) refuse(value, t.notShape);
    else set(spelled, value);
  };
  return html`<input
    id=${id}
    class="number"
    autocomplete="off"
    spellcheck="false"
    aria-describedby=${describedby}
    aria-invalid=${invalid}
    placeholder=${t.shape}
    .value=${live(keepTyped(document.getElementById(id), refused ? refused.typed : now))}
    @input=${typing}
    @blur=${settled}
    @change=${(/** @type {Event} */ event) => {
      settled(event);
      commit(/** @type {HTMLInputElement} */ (event.target).value);
    }}
    @keydown=${(/** @type {KeyboardEvent} */ event) => again(event, refused, commit)}
  />`;
}
