/** Letting others in: the net's own address to work on it together, and links that only show it. Loaded when first opened. */

/** @import {Link, MadeLink} from "../api/links.js" */
/** @import {Session} from "../api/session.js" */

import { linksOf, makeLink, revokeLink } from '../api/links.js';
import { messages } from '../messages.js';
import { people } from '../messages/people.js';
import { html, nothing } from '../vendor/lit.js';
import { Panel } from './base.js';
import { icons } from './icons.js';

const t = people.share;
const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;
const when = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });

export class ShareDialog extends Panel {
  static properties = {
    ...Panel.properties,
    links: { state: true },
    made: { state: true },
    asking: { state: true },
    copied: { state: true },
  };

  constructor() {
    super();
    /** @type {Link[] | null} */
    this.links = null;
    /** @type {MadeLink | null} the one whose address can be seen now and never again */
    this.made = null;
    /** @type {number | null} the link that is to be revoked, if the answer is yes */
    this.asking = null;
    /** what the screen reader is told */
    this.copied = '';
  }

  async open() {
    this.made = null;
    this.asking = null;
    this.copied = '';
    await this.updateComplete;
    /** @type {HTMLDialogElement | null} */ (this.find('dialog'))?.showModal();
    this.find('[data-copies]')?.focus(); // what one mostly came for
    this.links = await this.session.attempt(() => linksOf(this.session));
  }

  close() {
    /** @type {HTMLDialogElement | null} */ (this.find('dialog'))?.close();
  }

  /** Puts what a field holds on the clipboard; plain HTTP on a network has only the old way. @param {string} id */
  async #copy(id) {
    const field = /** @type {HTMLInputElement | null} */ (this.find(`#${id}`));
    if (!field) return;
    field.select();
    let done = false;
    try {
      await navigator.clipboard.writeText(field.value);
      done = true;
    } catch {
      done = document.execCommand('copy');
    }
    this.copied = done ? t.copied : t.failed;
    if (!done) return;
    const button = this.find(`[data-copies="${id}"]`);
    button?.setAttribute('data-done', '');
    setTimeout(() => button?.removeAttribute('data-done'), 2000);
  }

  /** @param {SubmitEvent} event */
  async #make(event) {
    event.preventDefault();
    const field = /** @type {HTMLInputElement | null} */ (this.find('#link-note'));
    const made = await this.session.attempt(() => makeLink(this.session, field?.value.trim() ?? ''));
    if (!made) return;
    if (field) field.value = '';
    this.made = made;
    this.links = [...(this.links ?? []), made];
    await this.updateComplete;
    /** @type {HTMLInputElement | null} */ (this.find('#new-link'))?.select();
  }

  /** @param {Link} link */
  async #revoke(link) {
    this.asking = null;
    const done = await this.session.attempt(() => revokeLink(this.session, link.id));
    if (!done) return;
    this.links = (this.links ?? []).filter(({ id }) => id !== link.id);
    if (this.made?.id === link.id) this.made = null;
    this.copied = t.revoked;
  }

  /** @param {string} id @param {string} label @param {string} address */
  #address(id, label, address) {
    return html`<div class="link-row">
      <input id=${id} readonly aria-label=${label} .value=${address} @focus=${(/** @type {FocusEvent} */ event) => /** @type {HTMLInputElement} */ (event.target).select()} />
      <button type="button" class="button" data-copies=${id} @click=${() => this.#copy(id)}>
        <span class="copy-icon">${icons.copy}</span><span class="done-icon">${icons.ok}</span>${t.copy}
      </button>
    </div>`;
  }

  /** @param {Link} link */
  #link(link) {
    const name = link.note || t.untitled;
    const sure = this.asking === link.id;
    return html`<li>
      ${icons.view}
      <span class="link-name">${name}<small>${t.made(when.format(link.created))}${link.author ? t.by(link.author) : ''} · ${link.used ? t.used(when.format(link.used)) : t.unused}</small></span>
      ${
        sure
          ? html`<button type="button" class="button small danger" @click=${() => this.#revoke(link)} @blur=${() => (this.asking = null)}>${t.really}</button>`
          : html`<button type="button" class="button small quiet" aria-label=${t.revokeOf(name)} @click=${async () => {
              this.asking = link.id;
              await this.updateComplete;
              this.find('.button.danger')?.focus();
            }}>${t.revoke}</button>`
      }
    </li>`;
  }

  render() {
    const { info } = this.session;
    const here = info ? `${location.origin}/d/${encodeURIComponent(info.id)}` : '';
    const { made, links } = this;
    return html`<dialog class="share" aria-labelledby="share-title">
      <header class="dialog-head">
        ${icons.share}
        <h2 id="share-title">${t.title}</h2>
        <button type="button" class="button icon-only quiet" aria-label=${messages.close} @click=${() => this.close()}>${icons.close}</button>
      </header>
      <div class="dialog-body plain">
        <h3>${t.document}</h3>
        <p class="hint">${t.documentHint}</p>
        ${this.#address('share-address', t.address, here)}
        <p class="share-note">${icons.info}<span>${LOOPBACK.test(location.hostname) ? t.loopback(location.hostname) : t.token}</span></p>
        <h3>${t.readOnly}</h3>
        <p class="hint">${t.readOnlyText}</p>
        ${
          made
            ? html`<div class="new-link">
              ${this.#address('new-link', t.newLink, `${location.origin}${made.address}`)}
              <p class="share-note">${icons.warning}<span>${t.once}</span></p>
            </div>`
            : nothing
        }
        <form class="link-row" @submit=${this.#make}>
          <input id="link-note" maxlength="200" autocomplete="off" aria-label=${t.label} placeholder=${t.labelPlaceholder} />
          <button type="submit" class="button">${icons.link}${t.make}</button>
        </form>
        ${
          links?.length
            ? html`<ul class="share-links" aria-label=${t.links}>${links.map((link) => this.#link(link))}</ul>`
            : links
              ? html`<p class="hint">${t.none}</p>`
              : nothing
        }
        <p class="visually-hidden" role="status">${this.copied}</p>
      </div>
    </dialog>`;
  }
}

customElements.define('ng-share', ShareDialog);

/** @param {Session} session */
export async function showShare(session) {
  let dialog = /** @type {ShareDialog | null} */ (document.querySelector('ng-share'));
  if (!dialog) {
    dialog = /** @type {ShareDialog} */ (document.createElement('ng-share'));
    dialog.session = session;
    document.querySelector('ng-app')?.append(dialog);
  }
  await dialog.open();
}
