/** Switches over the canvas: which share links are drawn, what the colours mean. */

import { messages } from '../messages.js';
import { html } from '../vendor/lit.js';
import { Panel } from './base.js';
import { icons } from './icons.js';

const t = messages.view;

export class CanvasTools extends Panel {
  render() {
    const { model } = this.session;
    const { shares, colour } = model.settings;
    const toggle = (
      /** @type {boolean} */ on,
      /** @type {unknown} */ icon,
      /** @type {string} */ label,
      /** @type {string} */ hint,
      /** @type {() => void} */ run,
    ) =>
      html`<button type="button" class="button small" aria-pressed=${on} title=${hint} @click=${run}>${icon}<span>${label}</span></button>`;
    return html`<div class="canvas-tools" role="toolbar" aria-label=${t.label}>
      ${toggle(shares === 'all', icons.link, t.shares, t.sharesHint, () => model.setView({ shares: shares === 'all' ? 'selected' : 'all' }))}
      ${toggle(colour === 'rate', icons.rates, t.rates, t.ratesHint, () => model.setView({ colour: colour === 'rate' ? 'family' : 'rate' }))}
    </div>`;
  }
}

customElements.define('ng-canvas-tools', CanvasTools);
