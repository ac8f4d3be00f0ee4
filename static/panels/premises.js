/** The Caffe that a net is judged by and the solver that trains it, as the status bar and the inspector show them. */

/** @import {Session} from "../api/session.js" */
/** @import {SolverInfo} from "../model/types.js" */
/** @import {MenuItem} from "./menu.js" */

import { messages } from '../messages.js';
import { html, nothing } from '../vendor/lit.js';
import { icons } from './icons.js';
import './menu.js';
import './source-shape.js';
import { numberText } from './words.js';

const t = messages.premises;

/** @param {SolverInfo} solver */
function details({ type, base_lr, lr_policy, weight_decay, momentum }) {
  const [lr, decay, inertia] = [base_lr, weight_decay, momentum].map(numberText);
  return t.solver.details({ type, lr: lr ?? '', policy: lr_policy, decay: decay ?? '', momentum: inertia ?? '' });
}

/** A menu of profiles; its label is the one in use. @param {Session} session */
export function profileMenu(session) {
  const { profile, suggested_profile: suggested } = session.graph;
  const items = /** @type {const} */ (['bvlc', 'fork']).map(
    (name) =>
      /** @type {MenuItem} */ ({
        label: t.profile.names[name],
        hint: name === suggested ? `${t.profile.hints[name]} (${t.profile.suggested})` : t.profile.hints[name],
        checked: profile === name,
        // what the file suggests is no choice: it follows the file when that changes
        run: () => void session.premises({ profile: name === suggested ? null : name }),
      }),
  );
  if (session.readOnly) return html`<span>${t.profile.names[profile]}</span>`;
  return html`<ng-menu class="profile" label=${t.profile.names[profile]} .hint=${`${t.profile.label}: ${t.profile.hint}`} .items=${items}></ng-menu>`;
}

/** @param {Session} session */
export function solverStatus(session) {
  const solver = session.info?.solver;
  if (!solver) return nothing;
  return html`<span class="solver-info" title=${details(solver)}>${icons.rates}<span class="solver-name">${solver.name}</span> <span class="solver-line">· ${t.solver.line(solver.type, numberText(solver.base_lr))}</span></span>`;
}

/** Rows of the whole net's facts. @param {Session} session */
export function premisesFacts(session) {
  const { info, graph } = session;
  const solver = info?.solver;
  return html`<dt>${t.profile.label}</dt>
    <dd>${t.profile.names[graph.profile]}</dd>
    <dt>${t.solver.label}</dt>
    <dd>
      ${
        solver
          ? html`<code>${solver.name}</code> <small>${details(solver)}</small>
            ${session.readOnly ? nothing : html`<button type="button" class="link quiet" title=${t.solver.removeHint} @click=${() => session.removeSolver()}>${t.solver.remove}</button>`}`
          : t.solver.none
      }
    </dd>`;
}

/** The questions about the sources that some layers read. @param {Session} session @param {string} [layer] only those of this layer */
export function sourceQuestions(session, layer) {
  const asked = session.graph.sources.filter(({ layers }) => !layer || layers.includes(layer));
  if (!asked.length) return nothing;
  return html`<section aria-label=${t.source.label}>
    <h3>${t.source.label}</h3>
    ${asked.map(({ source }) => html`<ng-source-shape .session=${session} .source=${source}></ng-source-shape>`)}
  </section>`;
}
