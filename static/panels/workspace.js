/** The panels around the canvas while a net is open: the list at the left, details at the right, problems and text below. */

/** @import {App} from "../app.js" */

import { history as historyTexts } from '../messages/around.js';
import { messages } from '../messages.js';
import { drawing } from '../messages/drawing.js';
import { weights } from '../messages/weights.js';
import { html, nothing } from '../vendor/lit.js';
import { icons } from './icons.js';
import { severityCounts } from './problem-lists.js';
import { meant } from './states.js';
import { tabRow } from './tabs.js';

const t = messages.app;
/** px: no room for four columns */
const NARROW = 1200;

/** @param {App} app @param {"left" | "right" | "bottom"} side @param {number} min @param {number} max */
function splitter(app, side, min, max) {
  return html`<ng-splitter
    class=${`split-${side}`}
    label=${t.resize[side]}
    axis=${side === 'bottom' ? 'y' : 'x'}
    .value=${app.layout[side]}
    .min=${min}
    .max=${max}
    ?reverse=${side !== 'left'}
    @resize-panel=${(/** @type {CustomEvent<number>} */ event) => app.arrange({ [side]: event.detail, [`${side}Open`]: true })}
    @fold-panel=${() => (side === 'bottom' ? app.arrange({ bottomOpen: !app.layout.bottomOpen }) : turn(app, side))}
  ></ng-splitter>`;
}

/** @param {App} app @param {'right' | 'bottom'} side */
function fold(app, side) {
  const open = app.layout[`${side}Open`];
  return html`<button type="button" class="button icon-only quiet" aria-label=${t.fold[side]} title=${t.fold[side]} aria-expanded=${open} @click=${() => (side === 'right' ? turn(app, side) : app.arrange({ bottomOpen: !open }))}>
    <span class=${open ? '' : 'turned'}>${side === 'right' ? icons.right : icons.chevron}</span>
  </button>`;
}

/** The lower panel goes beside the net, where the text has room, and back below it. @param {App} app */
function dock(app) {
  const { beside, bottomOpen } = app.layout;
  const there = beside && bottomOpen;
  const label = there ? t.dockBelow : t.dockBeside;
  return html`<button type="button" class="button icon-only quiet" aria-label=${label} title=${label} @click=${() => app.arrange({ beside: !there, bottomOpen: true, ...(!there && innerWidth < NARROW ? { rightOpen: false } : {}) })}>
    <span class=${there ? 'dock-below' : 'dock-beside'}>${icons.side}</span>
  </button>`;
}

/** @param {App} app */
function lowerSplitter(app) {
  const { beside, bottomOpen } = app.layout;
  if (!beside || !bottomOpen) return splitter(app, 'bottom', 96, 520);
  return html`<ng-splitter
    class="split-right"
    label=${t.resize.bottom}
    axis="x"
    .value=${app.layout.aside}
    .min=${280}
    .max=${1000}
    reverse
    @resize-panel=${(/** @type {CustomEvent<number>} */ event) => app.arrange({ aside: event.detail })}
    @fold-panel=${() => app.arrange({ bottomOpen: false })}
  ></ng-splitter>`;
}

/** Opens a side or folds it away; the keyboard goes along, since what it was on goes. @param {App} app @param {'left' | 'right'} side */
async function turn(app, side) {
  const open = !app.layout[`${side}Open`];
  app.arrange({ [`${side}Open`]: open });
  await app.updateComplete;
  if (document.activeElement !== document.body && !document.activeElement?.closest('[inert]')) return;
  app.find(open ? `.${side} [role="tab"][tabindex="0"]` : `.${side}-edge`)?.focus();
}

/** @param {App} app @param {'left' | 'right'} side */
function unfold(app, side) {
  if (app.layout[`${side}Open`]) return nothing;
  return html`<button type="button" class=${`button icon-only unfold ${side}-edge`} aria-label=${t.unfold[side]} title=${t.unfold[side]} @click=${() => turn(app, side)}>${icons.side}</button>`;
}

/** Details at the right. @param {App} app */
function right(app) {
  const { session } = app;
  const shares = session.graph.groups.length
    ? html` <span class="badge">${session.graph.groups.length}</span>`
    : nothing;
  return html`
      ${splitter(app, 'right', 248, 560)}
      ${tabRow({
        prefix: 'tab',
        panel: 'panel-right',
        label: t.tabs.right,
        tabs: /** @type {const} */ ([
          ['inspector', t.inspector],
          ['shares', html`${t.shares}${shares}`],
          ['history', historyTexts.title],
        ]),
        now: app.rightTab,
        choose: (tab) => (app.rightTab = tab),
        beside: fold(app, 'right'),
      })}
      <div id="panel-right" class="panel-scroll" role="tabpanel" aria-labelledby=${`tab-${app.rightTab}`}>
        ${
          app.rightTab === 'inspector'
            ? html`<ng-inspector .session=${session} .catalogue=${app.catalogue}></ng-inspector>`
            : app.rightTab === 'shares'
              ? html`<ng-shares .session=${session}></ng-shares>`
              : html`<ng-history .session=${session}></ng-history>`
        }
      </div>
  `;
}

/** Problems, weights and text below. @param {App} app */
function bottom(app) {
  const { session, layout } = app;
  const counts = severityCounts(meant(session.graph));
  const badge = counts.error
    ? html` <span class="badge severity-error">${counts.error}</span>`
    : counts.warning
      ? html` <span class="badge severity-warning">${counts.warning}</span>`
      : nothing;
  return html`
      ${lowerSplitter(app)}
      ${tabRow({
        prefix: 'tab',
        panel: 'panel-bottom',
        label: t.tabs.bottom,
        tabs: /** @type {const} */ ([
          ['problems', html`${t.problems}${badge}`],
          ['weights', weights.tab],
          ['source', t.source],
        ]),
        now: app.bottomTab,
        choose: (tab) => {
          app.bottomTab = tab;
          app.arrange({ bottomOpen: true });
        },
        beside: [dock(app), fold(app, 'bottom')],
      })}
      <div id="panel-bottom" class=${app.bottomTab === 'source' ? 'panel-fill' : 'panel-scroll'} role="tabpanel" aria-labelledby=${`tab-${app.bottomTab}`} ?inert=${!layout.bottomOpen}>
        ${
          app.bottomTab === 'problems'
            ? html`<ng-problems .session=${session}></ng-problems>`
            : app.bottomTab === 'weights'
              ? html`<ng-weights .session=${session}></ng-weights>`
              : html`<ng-source .session=${session} .catalogue=${app.catalogue}></ng-source>`
        }
      </div>
  `;
}

/** The net, and around it the panels once they are to be made. @param {App} app */
export function workspace(app) {
  const { session, layout } = app;
  return html`
    <nav class="left" aria-label=${t.left} ?inert=${!layout.leftOpen} @context=${(/** @type {CustomEvent} */ event) => app.context(event)}>${
      app.furnished
        ? html`<ng-left .session=${session} .catalogue=${app.catalogue} .canvas=${() => app.canvas}></ng-left>${splitter(app, 'left', 160, 480)}`
        : nothing
    }</nav>
    <main class="centre" aria-label=${t.centre}>
      ${unfold(app, 'left')} ${app.furnished ? html`<ng-canvas-tools .session=${session}></ng-canvas-tools>` : nothing}
      <net-canvas class="main" .model=${session.model} @layer-open=${() => app.openLayer()} @context=${(/** @type {CustomEvent} */ event) => app.context(event)} @wire=${(/** @type {CustomEvent} */ event) => app.command('wire', event.detail)}></net-canvas>
      ${session.graph.document && !session.graph.layers.length && !session.readOnly ? html`<div class="empty-net">${icons.plus}<p><b>${drawing.empty.title}</b></p><p>${drawing.empty.how}</p></div>` : nothing}
      ${unfold(app, 'right')}
      <ng-context-menu label=${messages.layerMenu.label}></ng-context-menu>
    </main>
    <aside class="right" aria-label=${t.right} ?inert=${!layout.rightOpen}>${app.furnished ? right(app) : nothing}</aside>
    <section class=${app.bottomTab === 'problems' && !meant(session.graph).length ? 'bottom calm' : 'bottom'} aria-label=${t.bottom}>${app.furnished ? bottom(app) : nothing}</section>
    ${app.furnished ? html`<ng-statusbar .session=${session}></ng-statusbar><ng-duplicate .session=${session}></ng-duplicate><ng-quick-add .session=${session} .catalogue=${app.catalogue} .canvas=${() => app.canvas}></ng-quick-add>` : nothing}
    <ng-ask></ng-ask>
  `;
}
