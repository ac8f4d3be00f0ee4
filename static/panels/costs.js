/** What a layer or the net costs, in units that people read; the exact numbers are in the titles. */

/** @import {Graph, LayerCard} from "../model/types.js" */

import { messages } from '../messages.js';
import { html, nothing } from '../vendor/lit.js';
import { countText, shortCount, sizeText } from './words.js';

const t = messages.costs;

/** @param {string} term @param {string} hint @param {number | null} value @param {(value: number) => string} words */
const fact = (term, hint, value, words) =>
  html`<dt title=${hint}>${term}</dt><dd title=${value === null ? nothing : countText(value)}>${value === null ? '?' : words(value)}</dd>`;

/** @param {LayerCard} layer */
export function layerCost({ cost }) {
  if (!cost) return nothing;
  return html`<section aria-label=${t.title}>
    <h3 title=${t.titleHint}>${t.title}</h3>
    <dl class="costs">
      ${fact(t.parameters, t.parametersHint, cost.parameters, shortCount)}
      ${fact(t.macs, t.macsHint, cost.macs, shortCount)}
      ${fact(t.activations, t.activationsHint, cost.activation_bytes, sizeText)}
    </dl>
  </section>`;
}

/** The rows of the whole net. @param {Graph['totals']} totals */
export function netCost({ parameters, macs, activation_bytes, complete }) {
  const partly = complete ? nothing : html` <small>${t.partly}</small>`;
  const row = (/** @type {string} */ term, /** @type {string} */ hint, /** @type {number} */ value, /** @type {string} */ words) =>
    html`<dt title=${hint}>${term}</dt><dd title=${countText(value)}>${words}${partly}</dd>`;
  return html`${row(t.parameters, t.netParametersHint, parameters ?? 0, countText(parameters ?? 0))}${row(t.macs, t.macsHint, macs, shortCount(macs))}${row(t.activations, t.activationsHint, activation_bytes, sizeText(activation_bytes))}`;
}

/** @param {Graph['totals']} totals */
export function statusCost({ macs, activation_bytes, complete }) {
  if (!macs && (!complete || !activation_bytes)) return nothing;
  const hint = t.statusHint(countText(macs), countText(activation_bytes));
  return html`<span class="status-cost" title=${hint}>${t.status(shortCount(macs), sizeText(activation_bytes))}</span>`;
}
