/** The report of a duplicate, as a table: layer by layer, copy by copy, what becomes of each blob and at which rate. */

/** @import {CopiedBlob, DuplicateReport} from "./preview.js" */

import { messages } from '../../messages.js';
import { html, nothing } from '../../vendor/lit.js';
import { numberText } from '../words.js';

const t = messages.duplicate.report;
const MOST_ROWS = 300;

/** @param {CopiedBlob} blob */
function blobLine(blob) {
  const shared = blob.state === 'shared' && blob.group;
  return html`<li data-state=${blob.state}>
    <span class="role">${blob.role}</span> ${t.states[blob.state]}${shared ? html` <code>${blob.group}</code>` : nothing}
    <span class="muted">${t.rates(numberText(blob.lr_mult), numberText(blob.decay_mult))}</span>
  </li>`;
}

/** @param {DuplicateReport} report */
export function reportView(report) {
  // the lines a copy are the table below; what is left says what was added around them
  const summary = report.summary.filter((line) => !/^copy \d+:/.test(line));
  const odd = report.renamed.filter((renamed) => renamed.reason);
  return html`<div class="report" tabindex="0" role="region" aria-label=${messages.duplicate.tabs.report}>
    ${summary.length ? html`<ul class="report-summary">${summary.map((line) => html`<li>${line}</li>`)}</ul>` : nothing}
    ${report.upgraded.length ? html`<h4>${t.upgraded}</h4><ul>${report.upgraded.map((line) => html`<li>${line}</li>`)}</ul>` : nothing}
    ${
      odd.length
        ? html`<h4>${t.clashes}</h4>
          <ul>${odd.map(({ old, new: name, reason }) => html`<li><code>${old}</code> → <code>${name}</code> ${reason}</li>`)}</ul>`
        : nothing
    }
    <table>
      <thead><tr><th scope="col">${t.copy}</th><th scope="col">${t.layer}</th><th scope="col">${t.from}</th><th scope="col">${t.blobs}</th></tr></thead>
      <tbody>
        ${report.copies.slice(0, MOST_ROWS).map(
          (copy) => html`<tr>
            <td class="copy-number">${copy.copy_number}</td>
            <td><code>${copy.name}</code></td>
            <td><code>${copy.source}</code></td>
            <td>${copy.blobs.length ? html`<ul>${copy.blobs.map(blobLine)}</ul>` : html`<span class="muted">${t.noBlobs}</span>`}</td>
          </tr>`,
        )}
      </tbody>
    </table>
    ${report.copies.length > MOST_ROWS ? html`<p class="muted">${t.more(report.copies.length - MOST_ROWS)}</p>` : nothing}
  </div>`;
}
