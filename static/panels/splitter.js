/** A bar between two panels that changes the size of one, by pointer and by arrow keys; a double click folds the panel away. */

import { LitElement, html } from '../vendor/lit.js';

const STEP = 16;

export class Splitter extends LitElement {
  static properties = {
    label: {},
    axis: {},
    value: { type: Number },
    min: { type: Number },
    max: { type: Number },
    reverse: { type: Boolean },
  };

  constructor() {
    super();
    this.label = '';
    /** @type {"x" | "y"} */
    this.axis = 'x';
    this.value = 240;
    this.min = 160;
    this.max = 560;
    /** the panel lies after the bar: dragging towards it makes it smaller */
    this.reverse = false;
  }

  createRenderRoot() {
    return this;
  }

  /** @param {number} value px */
  #resize(value) {
    const size = Math.round(Math.max(this.min, Math.min(this.max, value)));
    this.dispatchEvent(new CustomEvent('resize-panel', { detail: size }));
  }

  /** @param {PointerEvent} event */
  #drag(event) {
    if (event.button !== 0) return;
    event.preventDefault();
    const bar = /** @type {HTMLElement} */ (event.currentTarget);
    bar.setPointerCapture(event.pointerId);
    const start = this.axis === 'x' ? event.clientX : event.clientY;
    const from = this.value;
    const move = (/** @type {PointerEvent} */ next) => {
      const delta = (this.axis === 'x' ? next.clientX : next.clientY) - start;
      this.#resize(from + (this.reverse ? -delta : delta));
    };
    const stop = () => bar.removeEventListener('pointermove', move);
    bar.addEventListener('pointermove', move);
    bar.addEventListener('lostpointercapture', stop, { once: true });
  }

  /** @param {KeyboardEvent} event */
  #keys(event) {
    const [less, more] = this.axis === 'x' ? ['ArrowLeft', 'ArrowRight'] : ['ArrowUp', 'ArrowDown'];
    const sign = this.reverse ? -1 : 1;
    if (event.key === less) this.#resize(this.value - sign * STEP);
    else if (event.key === more) this.#resize(this.value + sign * STEP);
    else if (event.key === 'Home') this.#resize(this.min);
    else if (event.key === 'End') this.#resize(this.max);
    else if (event.key === 'Enter') this.dispatchEvent(new Event('fold-panel'));
    else return;
    event.preventDefault();
  }

  render() {
    return html`<div
      class="splitter"
      role="separator"
      tabindex="0"
      data-axis=${this.axis}
      aria-orientation=${this.axis === 'x' ? 'vertical' : 'horizontal'}
      aria-label=${this.label}
      aria-valuenow=${this.value}
      aria-valuemin=${this.min}
      aria-valuemax=${this.max}
      @pointerdown=${this.#drag}
      @keydown=${this.#keys}
      @dblclick=${() => this.dispatchEvent(new Event('fold-panel'))}
    ></div>`;
  }
}

customElements.define('ng-splitter', Splitter);
