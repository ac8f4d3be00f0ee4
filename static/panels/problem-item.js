/** One problem: what Caffe would say, where, and what can be done about it. Shared by the panel, the inspector and the duplicate dialog. */

/** @import {Session} from "../api/session.js" */
/** @import {Diagnostic, Fix} from "../model/types.js" */

import { problems as t } from '../messages/problems.js';
import { html, nothing } from '../vendor/lit.js';
import { icons } from './icons.js';
import './source-shape.js';

const UNKNOWN_SOURCE = 'unknown-source-shape';

/**
 * @typedef {object} Actions
 * @property {(byKey: boolean) => void} [choose]  goes to its place
 * @property {(event: MouseEvent) => void} [press]  anywhere on it
 * @property {(fix: Fix) => void} fix
 * @property {boolean} [busy]
 * @property {Session} [session]  with it, questions can be answered here
 * @property {{place: number, at: boolean}} [row]  in a list that is walked by keys: its place there, and whether the focus is on it
 */

/** @param {Diagnostic} problem @param {Actions} actions */
export function problemItem(problem, { choose, press, fix, busy = false, session, row }) {
  const { severity, message, caffe_message: words, layer, line, column, states, file } = problem;
  const place = [file, layer, line ? t.place(line, column) : ''].filter(Boolean).join(' · ');
  return html`<li class="problem" data-severity=${severity} data-code=${problem.code} tabindex=${row ? (row.at ? '0' : '-1') : nothing} data-row=${row?.place ?? nothing} @click=${press ?? nothing}>
    <span class="severity-${severity}" title=${t.severity[severity]}>${icons[severity]}<span class="visually-hidden">${t.severity[severity]}</span></span>
    <div class="problem-body">
      ${words && words === message ? nothing : html`<p class="problem-message">${message}</p>`}
      ${words ? html`<blockquote class="caffe-words"><span class="visually-hidden">${t.caffeSays} </span>${words}</blockquote>` : nothing}
      <div class="problem-foot">
        ${
          place
            ? choose && !file
              ? html`<button type="button" class="link" @click=${(/** @type {MouseEvent} */ event) => choose(event.detail === 0)}>${place}</button>`
              : html`<span class="muted">${place}</span>`
            : nothing
        }
        ${states.length === 1 ? html`<span class="phase-tag" title=${t.onlyIn(states[0] ?? '')}>${states[0]}</span>` : nothing}
        <code class="problem-code">${problem.code}</code>
      </div>
    </div>
    <div class="problem-fixes" ?hidden=${session?.readOnly ?? false}>
      ${session && problem.code === UNKNOWN_SOURCE && problem.blob ? html`<ng-source-shape .session=${session} .source=${problem.blob}></ng-source-shape>` : nothing}
      ${problem.fixes.map(
        (offer) =>
          html`<button type="button" class="button small" ?disabled=${busy} @click=${() => fix(offer)}>${icons.wrench}${offer.title}</button>`,
      )}
    </div>
  </li>`;
}
