/** The settings of a layer, or of several of one type at once: a form made from the schema, applied as it is filled in. */

/** @import {FormField, Schema, StatedLayer} from "../../api/schema.js" */
/** @import {LayerCard} from "../../model/types.js" */
/** @import {Step} from "../../model/stated.js" */

import { schemaOf, tryOperations } from '../../api/schema.js';
import { forms as t } from '../../messages/forms.js';
import { drawing } from '../../messages/drawing.js';
import { people } from '../../messages/people.js';
import { lacksPhase } from '../../model/queries.js';
import { common, fieldsOf, livesIn, pathText, rulesOf, sectionsOf, setAll, setLives, shapeValue, valuesAt } from '../../model/stated.js';
import { html, nothing, repeat } from '../../vendor/lit.js';
import { Panel } from '../base.js';
import { icons } from '../icons.js';
import { choiceWidget, rowOf, shapeWidget, switchWidget, textWidget, valueWidget } from './widgets.js';

/** @type {FormField} */
const PLAIN = { name: '', type: 'string', repeated: false, message: null, values: [], default: null, seldom: false, deprecated: false, doc: '' };
const GENERAL = ['loss_weight', 'propagate_down'];
const MOST = 500;

export class LayerForm extends Panel {
  static properties = {
    ...Panel.properties,
    layers: { attribute: false },
    stated: { state: true },
    schema: { state: true },
  };

  constructor() {
    super();
    /** @type {readonly LayerCard[]} all of one type */
    this.layers = [];
    /** @type {StatedLayer[]} */
    this.stated = [];
    /** @type {Schema | null} */
    this.schema = null;
    /** @type {Map<string, {typed: string, problem: string}>} what was refused, by path */
    this.refused = new Map();
    /** @type {Map<string, string | null>} what was set and is not heard back yet, by path */
    this.pending = new Map();
    this.asked = '';
    /** Rules that ask for more than a phase are to be written. */
    this.ownRules = false;
  }

  get keys() {
    return this.layers.map(({ key }) => key);
  }

  /** Layers that an edit took away or named anew are not drawn or asked for once more: what shows the form follows at once. */
  shouldUpdate() {
    return this.keys.every((key) => this.session.model.layer(key));
  }

  willUpdate() {
    const { info } = this.session;
    const keys = this.keys.slice(0, MOST);
    const wanted = JSON.stringify([info?.id, keys]);
    const revised = `${wanted}@${info?.revision}`;
    if (revised === this.asked) return;
    if (!this.asked.startsWith(`${wanted}@`)) {
      this.refused.clear();
      this.pending.clear();
      this.stated = [];
      this.ownRules = false;
    }
    this.asked = revised;
    if (info) void this.#load(info.id, keys, revised);
  }

  /** @param {string} id @param {string[]} keys @param {string} asked */
  async #load(id, keys, asked) {
    const { client } = this.session;
    const found = await this.session.attempt(() => Promise.all([schemaOf(client), client.layers(id, keys)]));
    if (!found || asked !== this.asked) return;
    this.pending.clear();
    [this.schema, { layers: this.stated }] = found;
  }

  /**
   * @param {readonly Step[]} path @param {string | null} value  null takes it out
   * @param {string} typed what the widget holds
   */
  async apply(path, value, typed) {
    const id = pathText(path);
    this.pending.set(id, value === null ? null : typed);
    const answer = await tryOperations(this.session, setAll(this.keys, path, value));
    if (answer?.result) this.refused.delete(id);
    // what did not come through is kept for another try, whatever the reason
    else this.refused.set(id, { typed, problem: answer?.refusal?.message ?? people.clash.keep });
    if (!answer?.result) this.pending.delete(id);
    this.requestUpdate();
  }

  /** @param {readonly Step[]} path @param {boolean} repeated */
  #now(path, repeated) {
    const pending = this.pending.get(pathText(path));
    if (pending === undefined) return common(this.stated, path, repeated);
    return { text: pending, mixed: false, stated: pending !== null };
  }

  /** @param {readonly Step[]} path @param {string} typed @param {string} problem what the form itself sees */
  refuse(path, typed, problem) {
    this.refused.set(pathText(path), { typed, problem });
    this.requestUpdate();
  }

  /** @param {FormField} field @param {readonly Step[]} parents @returns {unknown} */
  #field(field, parents) {
    const path = [...parents, { name: field.name }];
    if (field.type === 'message') return this.#message(field, path);
    const now = this.#now(path, field.repeated);
    if (this.session.readOnly) return rowOf({ field, path, refused: undefined, stated: now.stated }, (given) => valueWidget(given, now.mixed ? t.mixed : (now.text ?? field.default)));
    const refused = this.refused.get(pathText(path));
    const widget =
      field.values.length && !field.repeated
        ? choiceWidget
        : field.type === 'bool' && !field.repeated
          ? switchWidget
          : textWidget;
    return rowOf({ field, path, refused, stated: now.stated }, (given) =>
      widget({ ...given, field, now, refused, set: (value, typed) => this.apply(path, value, typed) }),
    );
  }

  /** @param {FormField} field @param {Step[]} path */
  #message(field, path) {
    if (field.message === 'BlobShape') return this.#shapes(field, path);
    if (field.repeated) {
      const count = Math.max(0, ...this.stated.map(({ fields }) => valuesAt(fields, path).length));
      const place = (/** @type {number} */ index) => [...path.slice(0, -1), { name: field.name, index }];
      return html`${[...Array(count).keys()].map((index) => this.#group(field, place(index)))}${this.#more(field, place(count))}`;
    }
    return this.#group(field, path);
  }

  /** One more of a message that may stand several times. @param {FormField} field @param {Step[]} place */
  #more(field, place) {
    if (this.session.readOnly || this.stated.length > 1) return nothing;
    return html`<button type="button" class="button small quiet form-add" title=${field.doc} @click=${() => this.apply(place, '{ }', '')}>${icons.plus}<span>${t.addTo(field.name)}</span></button>`;
  }

  /** A message that is stated can be taken out whole. @param {Step[]} path */
  #removes(path) {
    if (this.session.readOnly || !this.stated.some(({ fields }) => valuesAt(fields, path).length)) return nothing;
    const name = pathText(path.slice(-1));
    return html`<button type="button" class="button icon-only small quiet" aria-label=${t.remove(name)} title=${t.remove(name)} @click=${() => this.apply(path, null, '')}>${icons.close}</button>`;
  }

  /** @param {FormField} field @param {Step[]} path */
  #group(field, path) {
    return html`<fieldset class="form-group" data-path=${pathText(path)}>
      <legend title=${field.doc}><code>${path.at(-1)?.index === undefined ? field.name : pathText(path.slice(-1))}</code>${path.length > 1 ? this.#removes(path) : nothing}</legend>
      ${this.#fields(field.message, path)}
    </fieldset>`;
  }

  /** @param {FormField} field @param {Step[]} path */
  #shapes(field, path) {
    const first = this.stated[0];
    const shapes = first ? valuesAt(first.fields, path) : [];
    const one = this.stated.length === 1 && !this.session.readOnly;
    const count = field.repeated ? shapes.length + (one ? 1 : 0) : 1;
    return [...Array(count).keys()].map((index) => {
      const place = field.repeated ? [...path.slice(0, -1), { name: field.name, index }] : path;
      const spelled = shapes[index] ? shapeValue(shapes[index]) : '';
      if (this.session.readOnly) return rowOf({ field, path: place, refused: undefined, stated: true }, (given) => valueWidget(given, spelled));
      const refused = this.refused.get(pathText(place));
      const adding = field.repeated && index === shapes.length;
      const label = field.repeated && (shapes.length > 1 || adding) ? t.shapeOf(field.name, index) : field.name;
      return rowOf({ field, path: place, refused, stated: !adding, label, quiet: adding && index > 0 }, (given) =>
        shapeWidget({
          ...given,
          now: this.pending.get(pathText(place)) ?? spelled,
          refused,
          set: (value, typed) => this.apply(place, value, typed),
          refuse: (typed, problem) => this.refuse(place, typed, problem),
        }),
      );
    });
  }

  /** @param {string | null} message @param {readonly Step[]} path @returns {unknown} */
  #fields(message, path) {
    if (!this.schema) return nothing;
    const { shown, folded, unknown } = fieldsOf(this.schema, message, this.stated, path);
    return html`${shown.map((field) => this.#field(field, path))}
      ${unknown.map((field) => this.#unknown(field, path))}
      ${
        folded.length
          ? html`<details class="form-more"><summary>${t.more(folded.length)}</summary>${folded.map((field) => this.#field(field, path))}</details>`
          : nothing
      }`;
  }

  /** What only a fork knows: one row or group for each time that it is stated. @param {{name: string, nested: boolean, count: number}} found @param {readonly Step[]} path */
  #unknown({ name, nested, count }, path) {
    /** @type {FormField} */
    const field = { ...PLAIN, name, type: nested ? 'message' : 'string', doc: t.unknown };
    if (count < 2) return this.#field(field, path);
    return [...Array(count).keys()].map((index) => {
      const place = [...path, { name, index }];
      return nested ? this.#group(field, place) : this.#text(field, place, pathText(place.slice(-1)));
    });
  }

  /** A text in a row of its own. @param {FormField} field @param {readonly Step[]} path @param {string} label @param {string} [placeholder] */
  #text(field, path, label, placeholder) {
    const now = this.#now(path, false);
    if (this.session.readOnly) return rowOf({ field, path, refused: undefined, stated: now.stated, label }, (given) => valueWidget(given, now.text));
    const refused = this.refused.get(pathText(path));
    return rowOf({ field, path, refused, stated: now.stated, label }, (given) =>
      textWidget({ ...given, field, now, refused, placeholder, set: (value, typed) => this.apply(path, value, typed) }),
    );
  }

  /** Rules that ask for more than a phase, each as its text. @param {StatedLayer} layer */
  #rules(layer) {
    const rules = rulesOf(layer);
    const row = (/** @type {'include' | 'exclude'} */ name, /** @type {number} */ index, /** @type {string | null} */ text) => {
      const path = [{ name, index }];
      const id = pathText(path);
      const refused = this.refused.get(id);
      const field = { ...PLAIN, name, doc: t.ruleDoc[name] };
      const now = { text: this.pending.get(id) ?? text, mixed: false, stated: text !== null };
      return rowOf({ field, path, refused, stated: text !== null, label: text === null ? t.addTo(name) : name, quiet: text === null }, (given) =>
        textWidget({ ...given, field, now, refused, placeholder: t.ruleSuch, set: (value, typed) => this.apply(path, value, typed) }),
      );
    };
    const count = (/** @type {string} */ name) => rules.filter((rule) => rule.name === name).length;
    return html`${rules.map(({ name, index, text }) => row(name, index, text))}
      ${count('exclude') ? nothing : row('include', count('include'), null)}
      ${count('include') ? nothing : row('exclude', count('exclude'), null)}`;
  }

  #lives() {
    const [first] = this.stated;
    if (!first) return nothing;
    const all = new Set(this.stated.map(livesIn));
    const now = all.size > 1 ? 'mixed' : livesIn(first);
    const one = this.stated.length === 1;
    const own = one && (now === 'own' || this.ownRules);
    const offered = /** @type {const} */ (['both', 'TRAIN', 'TEST']);
    const path = [{ name: 'include' }];
    /** @type {FormField} */
    const field = { ...this.#plain('include'), doc: t.livesDoc };
    if (this.session.readOnly) return rowOf({ field, path, label: t.lives, stated: now !== 'both', refused: undefined }, (given) => valueWidget(given, now === 'mixed' ? t.mixed : t.phases[now]));
    const select = rowOf(
      { field, path, label: t.lives, stated: now !== 'both', refused: this.refused.get('include') },
      ({ id, describedby }) => html`<select
        id=${id}
        aria-describedby=${describedby}
        @change=${async (/** @type {Event} */ event) => {
          const chosen = /** @type {import("../../model/stated.js").Lives} */ (
            /** @type {HTMLSelectElement} */ (event.target).value
          );
          this.ownRules = chosen === 'own';
          if (chosen !== 'own') await tryOperations(this.session, setLives(this.keys, chosen));
          this.requestUpdate();
        }}
      >
        ${now === 'mixed' || (now === 'own' && !one) ? html`<option value="" selected disabled>${now === 'own' ? t.phases.own : t.mixed}</option>` : nothing}
        ${offered.map((lives) => html`<option value=${lives} .selected=${lives === now && !own}>${t.phases[lives]}</option>`)}
        ${one ? html`<option value="own" .selected=${own}>${t.phases.own}</option>` : nothing}
      </select>`,
    );
    return html`${select}${own ? this.#rules(first) : this.#split()}`;
  }

  /** A layer of its own for the other phase, where that is likely to be wanted. */
  #split() {
    const [layer, more] = this.layers;
    const lacks = layer && !more && lacksPhase(this.session.model, layer);
    if (!lacks || (layer.bottoms.length && layer.phases.length > 1)) return nothing;
    const run = () => this.dispatchEvent(new CustomEvent('command', { detail: { command: 'split-phases' }, bubbles: true }));
    return html`<button type="button" class="button small quiet form-add" @click=${run}>${icons.plus}<span>${layer.phases.length > 1 ? drawing.menu.splitPhases : drawing.menu.otherPhase(lacks)}</span></button>`;
  }

  /** What was typed and refused is taken back. @param {string} [id] of the field, or all */
  leave(id) {
    if (id) this.refused.delete(id.replace(/^form-/, ''));
    this.requestUpdate();
  }

  /** @param {string} name */
  #plain(name) {
    const found = this.schema?.messages.LayerParameter?.find((field) => field.name === name);
    return /** @type {FormField} */ (found);
  }

  render() {
    const [layer] = this.layers;
    const { schema, stated } = this;
    if (!layer || !schema || !stated.length) return nothing;
    const sections = sectionsOf(schema, layer.type, stated);
    const of = (/** @type {string} */ name) =>
      schema.messages.LayerParameter?.find((field) => field.name === name)?.message ?? null;
    return html`${this.layers.length > 1 ? html`<p class="hint form-several">${t.several(this.layers.length)}</p>` : nothing}
      ${repeat(
        sections,
        (name) => `${layer.type} ${name}`,
        (name) => html`<section aria-label=${t.settingsOf(name)}>
          <h3>${t.settings} <code>${name}</code></h3>
          ${this.#fields(of(name), [{ name }])}
        </section>`,
      )}
      <section aria-label=${t.general}>
        <h3>${t.general}</h3>
        ${this.#lives()} ${GENERAL.map((name) => this.#field(this.#plain(name), []))}
      </section>`;
  }
}

customElements.define('ng-layer-form', LayerForm);
