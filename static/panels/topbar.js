/** The bar at the top: the document, its history, the state looked at, Duplicate and the downloads. */

/** @import {MenuItem} from "./menu.js" */

import { messages } from '../messages.js';
import { people } from '../messages/people.js';
import { weights } from '../messages/weights.js';
import { chooseTheme, themeChoice } from '../theme.js';
import { html, nothing } from '../vendor/lit.js';
import { Panel } from './base.js';
import { bySize, titleOf } from './empty.js';
import { icons, mark } from './icons.js';
import './document-menu.js';
import './menu.js';
import './people.js';
import { download, hasWeights } from './weights/download.js';
import './state-picker.js';

const t = messages.topbar;

export class TopBar extends Panel {
  static properties = { ...Panel.properties, examples: { attribute: false } };

  constructor() {
    super();
    /** @type {import("../api/types.js").Example[]} */
    this.examples = [];
  }

  connectedCallback() {
    super.connectedCallback();
    document.addEventListener('ng-theme', this.follow); // also when another tab chose
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    document.removeEventListener('ng-theme', this.follow);
  }

  /** @param {string} command @param {unknown} [detail] */
  #say(command, detail = undefined) {
    this.dispatchEvent(new CustomEvent('command', { detail: { command, detail }, bubbles: true }));
  }

  /** @param {string} example */
  #example(example) {
    this.dispatchEvent(new CustomEvent('command', { detail: { command: 'example', detail: example }, bubbles: true }));
  }

  /** @returns {MenuItem[]} */
  #downloads() {
    const { info, client } = this.session;
    if (!info) return [];
    const bare = hasWeights(info) ? undefined : t.noWeights;
    return [
      {
        label: t.downloadZip,
        hint: bare ?? t.downloadZipHint,
        icon: icons.download,
        run: () => void download(this.session, 'zip'),
        disabled: Boolean(bare),
      },
      { label: t.downloadPrototxt, icon: icons.file, href: client.exportUrl(info.id, 'prototxt') },
      {
        label: t.downloadCaffemodel,
        hint: bare,
        icon: icons.weights,
        run: () => void download(this.session, 'caffemodel'),
        disabled: Boolean(bare),
      },
      {
        label: weights.downloadHdf5,
        hint: bare ?? weights.downloadHdf5Hint,
        icon: icons.weights,
        run: () => void download(this.session, 'hdf5'),
        disabled: Boolean(bare),
      },
      ...this.#pictures(),
    ];
  }

  /** @returns {MenuItem[]} */
  #pictures() {
    const { size } = this.session.selection;
    const item = (/** @type {'png' | 'svg'} */ format, /** @type {boolean} */ selected) => ({
      label: t.downloadPicture[format](selected ? size : 0),
      icon: icons.picture,
      divided: format === 'png' && !selected,
      run: () => this.#say('picture', { format, selected }),
    });
    return [item('png', false), item('svg', false), ...(size ? [item('png', true), item('svg', true)] : [])];
  }

  /** @returns {MenuItem[]} */
  #themes() {
    const now = themeChoice();
    return /** @type {const} */ (['light', 'dark', 'system']).map((choice) => ({
      label: t.themes[choice],
      icon: icons[choice],
      checked: now === choice,
      run: () => {
        chooseTheme(choice);
        this.requestUpdate();
      },
    }));
  }

  /** @param {"undo" | "redo"} which @param {boolean} can @param {string | null} title @param {string | null} [author] */
  #history(which, can, title, author) {
    const label = !title ? t[which] : author && !this.session.me.isMe(author) ? people[`${which}Of`](author, title) : t[`${which}Step`](title);
    return html`<button
      type="button"
      class="button icon-only"
      aria-label=${label}
      title=${`${label} (${messages.keys[which]})`}
      ?disabled=${!can}
      @click=${() => this.#say(which)}
    >
      ${icons[which]}
    </button>`;
  }

  render() {
    const { info, readOnly } = this.session;
    const theme = themeChoice();
    return html`<header class="topbar">
      ${
        readOnly
          ? html`<span class="wordmark">${mark}<span>Netgraft</span></span>`
          : html`<a class="wordmark" href="/" aria-label=${t.home} title=${t.home} @click=${this.#goHome}>${mark}<span>Netgraft</span></a>`
      }
      ${info ? html`<ng-document .session=${this.session}></ng-document>` : nothing}
      ${readOnly ? html`<span class="read-only-badge" title=${people.readOnlyHint}>${icons.view}${people.readOnly}</span>` : nothing}
      <span class="grow"></span>
      ${readOnly ? nothing : this.#nets()}
      ${
        info
          ? html`${
              readOnly
                ? nothing
                : html`<span class="divider"></span>
                  ${this.#history('undo', info.can_undo, info.undo_title, info.undo_author)} ${this.#history('redo', info.can_redo, info.redo_title, info.redo_author)}
                  <span class="divider"></span>`
            }
            <ng-state .session=${this.session}></ng-state>
            ${readOnly ? nothing : this.#duplicate()}
            <ng-menu label=${t.download} .icon=${icons.download} .items=${this.#downloads()}></ng-menu>
            <span class="divider"></span>
            <ng-people .session=${this.session}></ng-people>
            ${
              readOnly
                ? nothing
                : html`<button type="button" class="button share-button" title=${people.share.title} @click=${() => this.#say('share')}>${icons.share}<span class="button-label">${people.share.button}</span></button>`
            }`
          : nothing
      }
      <span class="divider"></span>
      <ng-menu compact label=${t.theme} .hint=${t.theme} .icon=${icons[theme]} .items=${this.#themes()}></ng-menu>
      <button type="button" class="button icon-only" aria-label=${t.help} title=${`${t.help} (?)`} @click=${() => this.#say('help')}>${icons.help}</button>
    </header>`;
  }

  /** The ways to other nets. */
  #nets() {
    return html`<button type="button" class="button" title=${t.openHint} @click=${() => this.#say('open')}>${icons.open}<span class="button-label">${t.open}</span></button>
      <ng-menu
        class="examples"
        label=${t.examples}
        .icon=${icons.examples}
        .items=${bySize(this.examples).map((example) => ({ label: titleOf(example).head, hint: messages.empty.exampleHint(titleOf(example).rest, example.layers ?? 0), run: () => this.#example(example.name) }))}
      ></ng-menu>`;
  }

  #duplicate() {
    const { size } = this.session.selection;
    return html`<button
      type="button"
      class="button primary"
      title=${size ? `${t.duplicateHint(size)} (${messages.keys.duplicate})` : t.duplicateNothing}
      @click=${() => this.#say('duplicate')}
    >
      ${icons.duplicate}${t.duplicate}
    </button>`;
  }

  /** @param {Event} event */
  #goHome(event) {
    event.preventDefault();
    this.#say('home');
  }
}

customElements.define('ng-topbar', TopBar);
