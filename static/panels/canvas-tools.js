/** Switches over the canvas: which share links are drawn, what the colours mean, how the net lies, what is collapsed. */

/** @import {MenuItem} from "./menu.js" */

import { hintsWanted, wantHints } from '../canvas/hints.js';
import { view } from '../messages/around.js';
import { messages } from '../messages.js';
import { suggestions } from '../model/collapse.js';
import { groupTitle } from '../model/name-groups.js';
import { html, nothing } from '../vendor/lit.js';
import { Panel } from './base.js';
import { icons } from './icons.js';
import './menu.js';

const t = messages.view;

export class CanvasTools extends Panel {
  /** @returns {MenuItem[]} */
  #view() {
    const { model } = this.session;
    const { direction, edgeLabels, frames, fold } = model.settings;
    const item = (/** @type {string} */ label, /** @type {boolean} */ checked, /** @type {() => void} */ run) => ({
      label,
      checked,
      many: true,
      run,
    });
    return [
      item(view.labels, edgeLabels === 'all', () => model.setView({ edgeLabels: edgeLabels === 'all' ? 'hover' : 'all' })),
      item(view.across, direction === 'right', () => model.setView({ direction: direction === 'right' ? 'down' : 'right' })),
      item(view.frames, frames, () => model.setView({ frames: !frames })),
      item(view.fold, fold, () => model.setView({ fold: !fold })),
      { ...item(view.hints, hintsWanted(), () => this.#hints()), divided: true },
    ];
  }

  #hints() {
    wantHints(!hintsWanted());
    this.requestUpdate();
  }

  /** @param {ReturnType<typeof suggestions>} groups @returns {MenuItem[]} */
  #groups(groups) {
    const { model } = this.session;
    const { collapsed } = model.settings;
    const set = (/** @type {Iterable<string>} */ patterns) => model.setView({ collapsed: new Set(patterns) });
    const all = groups.map(({ pattern }) => pattern);
    return [
      { label: view.collapseAll, icon: icons.fold, disabled: all.every((one) => collapsed.has(one)), run: () => set(all) },
      { label: view.expandAll, icon: icons.fit, disabled: !collapsed.size, run: () => set([]) },
      ...groups.map(({ pattern, size, first }, index) => ({
        label: groupTitle(pattern, first),
        hint: view.members(size),
        checked: collapsed.has(pattern),
        many: true,
        divided: index === 0,
        run: () => set(collapsed.has(pattern) ? [...collapsed].filter((one) => one !== pattern) : [...collapsed, pattern]),
      })),
    ];
  }

  /** What the colours of the heat view mean. */
  #legend() {
    const entries = /** @type {const} */ (['frozen', 'slow', 'one', 'fast', 'fastest', 'none']);
    return html`<ul class="rate-legend" aria-label=${view.legend.label} title=${`${view.legend.label}: ${entries.map((name) => view.legend[name]).join(', ')}`}>
      ${entries.map((name) => html`<li class=${name}><span class=${name === 'frozen' || name === 'fastest' ? '' : 'visually-hidden'}>${view.legend[name]}</span></li>`)}
    </ul>`;
  }

  render() {
    const groups = suggestions(this.session.model);
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
    return html`<div class="canvas-tools-row"><div class="canvas-tools" role="toolbar" aria-label=${t.label}>
      ${toggle(shares === 'all', icons.link, t.shares, t.sharesHint, () => model.setView({ shares: shares === 'all' ? 'selected' : 'all' }))}
      ${toggle(colour === 'rate', icons.rates, t.rates, t.ratesHint, () => model.setView({ colour: colour === 'rate' ? 'family' : 'rate' }))}
      <ng-menu class="small" label=${view.more} .hint=${view.hint} .icon=${icons.view} .items=${this.#view()}></ng-menu>
      ${groups.length ? html`<ng-menu class="small" label=${view.groups} .hint=${view.groupsHint} .icon=${icons.groups} .items=${this.#groups(groups)}></ng-menu>` : nothing}
    </div>${colour === 'rate' ? this.#legend() : nothing}</div>`;
  }
}

customElements.define('ng-canvas-tools', CanvasTools);
