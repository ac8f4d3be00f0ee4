/** Asks for one name: typed, or chosen from a list that narrows as one types. */

import { messages } from '../messages.js';
import { drawing } from '../messages/drawing.js';
import { LitElement, html, nothing } from '../vendor/lit.js';
import { icons } from './icons.js';

/**
 * @typedef {object} Question
 * @property {string} title
 * @property {string} label
 * @property {string} action  what the button says
 * @property {string} [value]
 * @property {readonly {value: string, hint?: string}[]} [choices]  one of them must be chosen
 * @property {string} [check]  a box to tick
 *
 * @typedef {{value: string, checked: boolean}} Answer
 */

/** Choices shown at once: more are found by typing. */
const MOST_SHOWN = 200;

export class AskDialog extends LitElement {
  static properties = { question: { state: true }, text: { state: true }, cursor: { state: true } };

  constructor() {
    super();
    /** @type {Question | null} */
    this.question = null;
    this.text = '';
    this.cursor = 0;
    /** @type {(answer: Answer | null) => void} */
    this.done = () => {};
    /** @type {Answer | null} given, and told once the dialog is closed: what follows may ask again */
    this.answer = null;
  }

  createRenderRoot() {
    return this;
  }

  get dialog() {
    return /** @type {HTMLDialogElement | null} */ (this.querySelector('dialog'));
  }

  /** @param {Question} question @returns {Promise<Answer | null>} null where it was left */
  async ask(question) {
    this.done(null);
    this.question = question;
    this.text = question.value ?? '';
    this.cursor = 0;
    await this.updateComplete;
    const answered = new Promise((resolve) => (this.done = resolve));
    const box = /** @type {HTMLInputElement | null} */ (this.querySelector('input[type="checkbox"]'));
    if (box) box.checked = true; // however the last question left it
    this.dialog?.showModal();
    const field = /** @type {HTMLInputElement | null} */ (this.querySelector('input[type="text"]'));
    field?.focus();
    field?.select();
    return answered;
  }

  get found() {
    const words = this.text.toLowerCase().split(/\s+/).filter(Boolean);
    return (this.question?.choices ?? []).filter(({ value, hint }) =>
      words.every((word) => `${value} ${hint ?? ''}`.toLowerCase().includes(word)),
    );
  }

  /** @param {string} value */
  #answer(value) {
    const checked = /** @type {HTMLInputElement | null} */ (this.querySelector('input[type="checkbox"]'))?.checked ?? false;
    this.answer = { value, checked };
    this.dialog?.close();
  }

  #closed() {
    const { done, answer } = this;
    this.done = () => {};
    this.answer = null;
    done(answer);
  }

  /** @param {Event} event */
  #submit(event) {
    event.preventDefault();
    const value = this.question?.choices ? this.found[this.cursor]?.value : this.text.trim();
    if (value) this.#answer(value);
  }

  /** @param {KeyboardEvent} event */
  #keys(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || !this.question?.choices) return;
    event.preventDefault();
    this.cursor = Math.max(0, Math.min(this.found.length - 1, MOST_SHOWN - 1, this.cursor + step));
    void this.updateComplete.then(() => this.querySelector('.ask-choice.cursor')?.scrollIntoView({ block: 'nearest' }));
  }

  #list() {
    const { found, cursor } = this;
    return html`<div id="ask-choices" class="ask-choices" role="listbox" aria-label=${this.question?.label ?? ''} tabindex="-1">
      ${found.slice(0, MOST_SHOWN).map(
        ({ value, hint }, i) => html`<div
          id=${`choice-${i}`}
          class=${i === cursor ? 'ask-choice cursor' : 'ask-choice'}
          role="option"
          aria-selected=${i === cursor}
          @click=${() => this.#answer(value)}
        ><b>${value}</b>${hint ? html`<small>${hint}</small>` : nothing}</div>`,
      )}
      ${found.length > MOST_SHOWN ? html`<p class="nothing" role="presentation">${drawing.ask.more(found.length - MOST_SHOWN)}</p>` : nothing}
      ${found.length ? nothing : html`<p class="nothing" role="presentation">${drawing.ask.none}</p>`}
    </div>`;
  }

  render() {
    const { question } = this;
    const choices = question?.choices;
    return html`<dialog class="ask" aria-labelledby="ask-title" @close=${this.#closed}>
      <form method="dialog" @submit=${this.#submit}>
        <header class="dialog-head">
          <h2 id="ask-title">${question?.title ?? ''}</h2>
          <button type="button" class="button icon-only quiet" aria-label=${messages.close} @click=${() => this.dialog?.close()}>${icons.close}</button>
        </header>
        <div class="ask-body">
          <label for="ask-name">${question?.label ?? ''}</label>
          <input
            id="ask-name"
            type="text"
            autocomplete="off"
            spellcheck="false"
            role=${choices ? 'combobox' : nothing}
            aria-expanded=${choices ? 'true' : nothing}
            aria-controls=${choices ? 'ask-choices' : nothing}
            aria-activedescendant=${choices && this.found.length ? `choice-${this.cursor}` : nothing}
            .value=${this.text}
            @input=${(/** @type {InputEvent} */ event) => {
              this.text = /** @type {HTMLInputElement} */ (event.target).value;
              this.cursor = 0;
            }}
            @keydown=${this.#keys}
          />
          ${choices ? this.#list() : nothing}
          ${question?.check ? html`<label class="ask-check"><input type="checkbox" checked /> ${question.check}</label>` : nothing}
        </div>
        <footer class="ask-foot">
          <button type="button" class="button" @click=${() => this.dialog?.close()}>${messages.cancel}</button>
          <button class="button primary">${question?.action ?? ''}</button>
        </footer>
      </form>
    </dialog>`;
  }
}

customElements.define('ng-ask', AskDialog);
