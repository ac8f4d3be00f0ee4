/** The share groups of the net: who is one with whom, at which rate, and the edits on a group. */

/** @import {ShareGroup} from "../model/types.js" */

import { dissolveShares, groupsSought, mergeable, partShares, partable, unshare } from '../commands/shares.js';
import { messages } from '../messages.js';
import { html, live, nothing } from '../vendor/lit.js';
import { Panel } from './base.js';
import { icons } from './icons.js';
import { rateProblem, readRate } from './rates.js';
import { seekField } from './seek-field.js';
import { numberText, shapeText } from './words.js';

const t = messages.shares;
const SHOWN_MEMBERS = 12;
const SHOWN_GROUPS = 60;
/** So many are seen at once. */
const WORTH_SEEKING = 6;

export class Shares extends Panel {
  static properties = { ...Panel.properties, renaming: { state: true }, words: { state: true }, chosen: { state: true }, limit: { state: true } };

  constructor() {
    super();
    /** @type {string | null} */
    this.renaming = null;
    this.words = '';
    /** Only those of the selected layers. */
    this.chosen = false;
    this.limit = SHOWN_GROUPS;
  }

  /** @param {ShareGroup} group @param {string} to @param {boolean} [byKey]  by a key, which goes on from where it began */
  async #rename(group, to, byKey = false) {
    if (this.renaming !== group.name) return; // Enter or Escape was faster than the blur that follows
    this.renaming = null;
    const name = to.trim();
    const done = name && name !== group.name && (await this.session.run([{ op: 'rename_share_group', name: group.name, to: name }]));
    await this.updateComplete;
    if (byKey) this.find(`[data-renames="${CSS.escape(done ? name : group.name)}"]`)?.focus();
  }

  /** @param {ShareGroup} group @param {"lr_mult" | "decay_mult"} field @param {HTMLInputElement} input */
  #oneRate(group, field, input) {
    const problem = rateProblem(input.value);
    input.setCustomValidity(problem ?? '');
    if (problem) {
      input.reportValidity();
      return;
    }
    const value = readRate(input.value);
    if (value !== null) void this.session.run([{ op: 'one_rate', name: group.name, [field]: value }]);
  }

  /** @param {ShareGroup} group */
  #name(group) {
    if (this.renaming !== group.name) return html`<h2 class="share-name"><code>${group.name}</code></h2>`;
    return html`<input
      class="rename"
      aria-label=${t.newName}
      spellcheck="false"
      .value=${group.name}
      @keydown=${(/** @type {KeyboardEvent} */ event) => {
        if (event.key === 'Enter') void this.#rename(group, /** @type {HTMLInputElement} */ (event.target).value, true);
        if (event.key === 'Escape') {
          event.stopPropagation();
          void this.#rename(group, '', true);
        }
      }}
      @blur=${(/** @type {FocusEvent} */ event) => this.#rename(group, /** @type {HTMLInputElement} */ (event.target).value)}
    />`;
  }

  /** To take two groups together, and to part one by what is selected. @param {ShareGroup} group */
  #parting(group) {
    const button = (/** @type {string} */ label, /** @type {unknown} */ icon, /** @type {() => void} */ run) =>
      html`<button type="button" class="button icon-only quiet" aria-label=${label} title=${label} @click=${run}>${icon}</button>`;
    const say = () => this.dispatchEvent(new CustomEvent('command', { detail: { command: 'merge-shares', detail: group }, bubbles: true }));
    const chosen = partable(this.session, group);
    return html`${mergeable(this.session, group).length ? button(t.merge(group.name), icons.link, say) : nothing}${
      chosen.length ? button(t.part(chosen.length, group.name), icons.fold, () => void partShares(this.session, group)) : nothing
    }`;
  }

  /** @param {ShareGroup} group */
  #group(group) {
    const { selection } = this.session;
    const keys = [...new Set(group.members.map((member) => member.layer))];
    const lit = keys.some((key) => selection.has(key));
    const { readOnly } = this.session;
    const rate = (/** @type {"lr_mult" | "decay_mult"} */ field, /** @type {number} */ value) =>
      readOnly ? html`<span class="value">${field} ${numberText(value)}</span>` : html`<label>${field}<input
          class="rate"
          inputmode="decimal"
          .value=${live(numberText(value))}
          @change=${(/** @type {Event} */ event) => this.#oneRate(group, field, /** @type {HTMLInputElement} */ (event.target))}
      /></label>`;
    return html`<li class="share-group ${lit ? 'lit' : ''}" data-share=${this.session.model.groupColour(group.name)}>
      <div class="share-head">
        <span class="share-dot"></span>${this.#name(group)}<span class="shape">${shapeText(group.shape)}</span>
        <span class="grow"></span>
        <button
          type="button"
          class="button icon-only quiet"
          ?hidden=${readOnly}
          data-renames=${group.name}
          aria-label=${t.rename(group.name)}
          title=${t.rename(group.name)}
          @click=${async () => {
            this.renaming = group.name;
            await this.updateComplete;
            /** @type {HTMLInputElement | null} */ (this.find('input.rename'))?.select();
          }}
        >
          ${icons.edit}
        </button>
        <button type="button" class="button icon-only quiet" aria-label=${t.select(group.name)} title=${t.select(group.name)} @click=${() => this.session.select(keys, { reveal: true })}>
          ${icons.fit}
        </button>
        ${readOnly ? nothing : this.#parting(group)}
        <button
          type="button"
          class="button icon-only quiet"
          ?hidden=${readOnly}
          aria-label=${t.dissolve(group.name)}
          title=${t.dissolve(group.name)}
          @click=${() => dissolveShares(this.session, group)}
        >
          ${icons.unlink}
        </button>
      </div>
      <ul class="share-members">
        ${group.members.slice(0, SHOWN_MEMBERS).map((member) => {
          const role = this.session.model.layer(member.layer)?.blobs[member.blob]?.role ?? String(member.blob);
          return html`<li>
            <button type="button" class="link" @click=${() => this.session.select([member.layer], { reveal: true })}>${member.layer}</button>
            <span class="muted">${role}</span>
            ${
              member.layer === group.owner
                ? html`<span class="owner-tag" title=${t.ownerHint}>${t.owner}</span>`
                : readOnly ? nothing : html`<button
                  type="button"
                  class="link quiet"
                  aria-label=${t.unshareMember(member.layer)}
                  @click=${() => unshare(this.session, [member])}
                >
                  ${t.unshare}
                </button>`
            }
          </li>`;
        })}
        ${group.members.length > SHOWN_MEMBERS ? html`<li class="muted">${t.more(group.members.length - SHOWN_MEMBERS)}</li>` : nothing}
      </ul>
      <div class="share-rates">${rate('lr_mult', group.lr)}${rate('decay_mult', group.decay)}</div>
    </li>`;
  }

  /** @param {number} found */
  #seek(found) {
    const { groups } = this.session.graph;
    if (groups.length < WORTH_SEEKING) return nothing;
    return html`<div class="share-seek">
      ${seekField({
        label: t.seek,
        hint: t.seekHint,
        words: this.words,
        seek: (words) => {
          this.words = words;
          this.limit = SHOWN_GROUPS;
        },
      })}
      <label class="check"><input type="checkbox" .checked=${live(this.chosen)} @change=${() => (this.chosen = !this.chosen)} />${t.ofSelected}</label>
      ${found < groups.length ? html`<span class="muted" role="status">${t.found(found, groups.length)}</span>` : nothing}
    </div>`;
  }

  render() {
    const { graph, selection } = this.session;
    const { groups } = graph;
    if (!groups.length) return html`<div class="nothing"><p>${t.none}</p><p class="muted">${t.noneHint}</p></div>`;
    const found = groupsSought(groups, groups.length < WORTH_SEEKING ? '' : this.words, groups.length >= WORTH_SEEKING && this.chosen ? selection : null);
    return html`<p class="hint">${t.hint}</p>${this.#seek(found.length)}
      <ul class="share-list">${found.slice(0, this.limit).map((group) => this.#group(group))}</ul>
      ${found.length ? nothing : html`<p class="nothing">${t.noneFound}</p>`}
      ${found.length > this.limit ? html`<button type="button" class="button small share-more" @click=${() => (this.limit += 4 * SHOWN_GROUPS)}>${t.moreGroups(found.length - this.limit)}</button>` : nothing}`;
  }
}

customElements.define('ng-shares', Shares);
