/** The question what a data layer's source holds, and its answer, which is kept with the net. */

import { messages } from '../messages.js';
import { html, live, nothing } from '../vendor/lit.js';
import { Panel } from './base.js';
import { readShape } from './rates.js';

const t = messages.premises.source;
export class SourceShape extends Panel {
  static properties = { ...Panel.properties, source: {}, wrong: { state: true } };

  constructor() {
    super();
    this.source = '';
    this.wrong = false;
  }

  /** @param {Event} event */
  async #answer(event) {
    event.preventDefault();
    const inputs = /** @type {HTMLInputElement[]} */ ([...this.querySelectorAll('input')]);
    const shape = readShape(inputs.map((input) => input.value));
    this.wrong = !shape;
    if (shape) await this.session.premises({ datum: { [this.source]: shape } });
    else inputs.find((input) => !readShape([input.value, '1', '1']))?.focus();
  }

  render() {
    const known = this.session.info?.datum[this.source];
    if (this.session.readOnly) return html`<p class="muted">${t.question(this.source)} <span class="value">${known?.join(' × ') ?? '?'}</span></p>`;
    return html`<form class="source-shape" novalidate @submit=${this.#answer}>
      <fieldset>
        <legend>${t.question(this.source)}</legend>
        ${t.axes.map(
          (axis, index) => html`${index ? html`<span aria-hidden="true">×</span>` : nothing}<input
              inputmode="numeric"
              autocomplete="off"
              placeholder=${axis.charAt(0)}
              aria-label=${axis}
              title=${axis}
              aria-invalid=${this.wrong ? 'true' : nothing}
              .value=${live(this.wrong ? this.#typed(index) : String(known?.[index] ?? this.#typed(index)))}
            />`,
        )}
        <button type="submit" class="button small" title=${t.useHint}>${t.use}</button>
        ${known ? html`<button type="button" class="button small quiet" title=${t.forgetHint} @click=${() => this.session.premises({ datum: { [this.source]: null } })}>${t.forget}</button>` : nothing}
      </fieldset>
      ${this.wrong ? html`<p class="field-error" role="alert">${t.wrong}</p>` : nothing}
    </form>`;
  }

  /** @param {number} index */
  #typed(index) {
    return this.querySelectorAll('input')[index]?.value ?? '';
  }
}

customElements.define('ng-source-shape', SourceShape);
