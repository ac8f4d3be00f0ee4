/** The editor's page: the panels around the canvas, the commands, and the address that names document and layer. */

/** @import {Example} from "./api/types.js" */
/** @import {NetCanvas} from "./canvas/net-canvas.js" */
/** @import {DuplicateDialog} from "./panels/duplicate/dialog.js" */
/** @import {HelpDialog} from "./panels/help-dialog.js" */
/** @import {AskDialog} from "./panels/ask-dialog.js" */
/** @import {LeftPanel} from "./panels/left-panel.js" */
/** @import {PanelLayout} from "./panels/layout-store.js" */
/** @import {ContextMenu} from "./panels/menu.js" */
/** @import {OpenDialog} from "./panels/open-dialog.js" */
/** @import {Problems} from "./panels/problems.js" */
/** @import {SourcePanel} from "./panels/source-panel.js" */

import { Client, baseOf } from './api/client.js';
import { FileDesk } from './api/files.js';
import { Session } from './api/session.js';
import './canvas/net-canvas.js';
import { listenToClipboard } from './commands/clipboard.js';
import { deleteSelected } from './commands/deleting.js';
import { keepMoves, readMoves } from './commands/layout.js';
import { netCommand } from './commands/net-commands.js';
import { keepOpen, openNet } from './commands/open-documents.js';
import { mayLook } from './commands/looking.js';
import { savePicture } from './commands/picture.js';
import { workTogether } from './commands/together.js';
import { keepViews, wasReloaded } from './commands/views.js';
import { warmUp } from './layout/client.js';
import { messages } from './messages.js';
import { people } from './messages/people.js';
import { drawing } from './messages/drawing.js';
import { Panel } from './panels/base.js';
import './panels/document-tabs.js';
import { EXAMPLE } from './panels/empty.js';
import { icons } from './panels/icons.js';
import { commandOf, isSettled, isTyping } from './panels/keyboard.js';
import { layerMenu } from './panels/layer-menu.js';
import { keepLayout, readLayout } from './panels/layout-store.js';
import './panels/toasts.js';
import './panels/topbar.js';
import { download, hasWeights } from './panels/weights/download.js';
import { workspace } from './panels/workspace.js';
import { followSystemTheme } from './theme.js';
import { html, nothing } from './vendor/lit.js';

const t = messages.app;
/** ms that the browser needs to bring a frame that is drawn onto the screen */
const PAINTED = 50;
/** ms after which the panels are made although no picture was drawn: a page in the background draws none. */
const SOON = 500;

/** The document that an address names. @param {Location} location */
function idOf({ pathname, search }) {
  return /^\/d\/([^/]+)/.exec(pathname)?.[1] ?? new URLSearchParams(search).get('document');
}

export class App extends Panel {
  static properties = {
    ...Panel.properties,
    layout: { state: true },
    rightTab: { state: true },
    bottomTab: { state: true },
    dragging: { state: true },
    furnished: { state: true },
    arrived: { state: true },
  };

  constructor() {
    super();
    warmUp(); // the layout's worker starts while the net is on its way
    this.session = new Session(new Client(baseOf(location.pathname)));
    this.files = new FileDesk(this.session);
    this.openNets = keepOpen(this.session, () => this.requestUpdate());
    /** @type {Example[]} */
    this.examples = [];
    /** @type {import("./api/types.js").DocumentInfo[]} */
    this.recent = [];
    /** @type {Map<string, import("./api/types.js").CatalogueType>} */
    this.catalogue = new Map();
    /** @type {PanelLayout} */
    this.layout = readLayout();
    /** @type {"inspector" | "shares" | "history"} */
    this.rightTab = 'inspector';
    /** @type {"problems" | "weights" | "source"} */
    this.bottomTab = 'problems';
    this.dragging = 0;
    /** A net is on its way, as the address names one. */
    this.opening = this.session.client.readOnly || idOf(location) !== null;
    /** Whether it is known what is to be shown: until then the start page would flash by. */
    this.arrived = false;
    /** Whether the panels are there: not before the picture of the first net, which is what one waits for. */
    this.furnished = false;
    /** @type {Promise<unknown> | undefined}  the panels on their way */
    this.furniture = undefined;
    this.session.addEventListener('opened', () => this.#opened());
    if (this.session.client.readOnly) this.session.addEventListener('pending', this.follow);
    this.session.addEventListener('closed', () => void this.command('home'));
    this.session.addEventListener('show-weights', () => {
      this.bottomTab = 'weights';
      this.arrange({ bottomOpen: true });
    });
    this.session.addEventListener('show-problems', () => void this.command('problems'));
    this.session.addEventListener('reveal', (event) =>
      this.canvas?.reveal(/** @type {CustomEvent<string[]>} */ (event).detail),
    );
    this.session.model.addEventListener('selection', () => this.#keepPlace());
  }

  connectedCallback() {
    super.connectedCallback();
    addEventListener('keydown', (event) => this.#keys(event));
    addEventListener('popstate', () => void this.#route());
    addEventListener('hashchange', () => this.#selectFromHash());
    // zooming in narrows the page: the side panels make room, and come back with it
    matchMedia('(width < 900px)').addEventListener('change', ({ matches }) => {
      this.layout = matches ? { ...this.layout, leftOpen: false, rightOpen: false } : readLayout();
      this.requestUpdate();
    });
    addEventListener('dragenter', (event) => this.#drag(event, 1));
    addEventListener('dragleave', (event) => this.#drag(event, -1));
    addEventListener('dragover', (event) => event.preventDefault());
    addEventListener('drop', (event) => this.#drop(event));
    this.addEventListener('command', (event) => {
      const { command, detail } = /** @type {CustomEvent<{command: string, detail: any}>} */ (event).detail;
      void this.command(command, detail);
    });
    if (this.opening) this.addEventListener('drawn', () => requestAnimationFrame(() => setTimeout(() => this.furnish(), PAINTED)), { once: true });
    else void this.furnish();
    listenToClipboard(this.session, isTyping);
    keepMoves(this.session, this);
    keepViews(this.session, this);
    workTogether(this.session, this);
    void this.#begin();
  }

  get canvas() {
    return /** @type {NetCanvas | null} */ (this.find('net-canvas.main'));
  }

  async #begin() {
    const { client } = this.session;
    const list = async () => {
      this.examples = await client.examples();
      this.catalogue = new Map((await client.catalogue()).map((type) => [type.name, type]));
      this.session.model.catalogue = this.catalogue;
      this.requestUpdate();
    };
    const route = async () => {
      await this.#route(true);
      await this.#firstUse();
      this.arrived = true;
    };
    await Promise.all([route(), this.session.attempt(list)]);
  }

  /** Shows what the address names: a document and a layer in it, or the start page. */
  async #route(first = false) {
    const id = idOf(location);
    const { session } = this;
    if (session.client.readOnly) await session.openOnly();
    else if (!id) await this.#start();
    else if (session.info?.id !== id && !(await session.open(decodeURIComponent(id))) && !session.info) await this.#listRecent();
    if (this.opening) {
      this.opening = false;
      setTimeout(() => this.furnish(), session.info ? SOON : 0);
    }
    this.#selectFromHash(first);
  }

  /** Makes the panels; what they are made of comes once the first picture is painted and on the screen. */
  async furnish() {
    this.furniture ??= import('./panels/furniture.js');
    try {
      await this.furniture;
    } catch {
      this.furniture = undefined; // a break in the line: the next command tries again
      this.session.notices.add({ kind: 'error', title: t.unfurnished, detail: t.reload });
      return;
    }
    this.furnished = true;
    await this.updateComplete;
  }

  async #start() {
    this.session.close();
    await this.#listRecent();
  }

  async #listRecent() {
    const { session } = this;
    this.recent = (await session.attempt(() => session.client.documents())) ?? [];
    this.requestUpdate();
  }

  /** Where there is nothing yet but the example that Netgraft came with, that one is shown. */
  async #firstUse() {
    const [only, more] = this.recent;
    if (this.session.info || !only || more || only.id !== EXAMPLE) return;
    await this.session.open(only.id);
  }

  #opened() {
    const { info } = this.session;
    if (!info) return;
    for (const dialog of this.querySelectorAll('dialog')) dialog.close(); // a net dropped onto a dialog takes its place
    const path = `/d/${encodeURIComponent(info.id)}`;
    if (location.pathname !== path && !this.session.client.readOnly) history.pushState(null, '', path + location.hash);
    document.title = t.pageTitle(info.name);
    void readMoves(this.session);
  }

  /** @param {boolean} [first]  the page has just come */
  #selectFromHash(first = false) {
    const key = new URLSearchParams(location.hash.slice(1)).get('layer');
    if (!key || !this.session.info || this.session.selection.has(key)) return;
    if (this.session.model.layer(key)) this.session.select([key], { reveal: !(first && wasReloaded()) });
    else this.session.notices.add({ kind: 'warning', title: t.noSuchLayer(key) });
  }

  /** The address names the selected layer, so that it can be sent to somebody. */
  #keepPlace() {
    const [only, more] = this.session.selection;
    const hash = only && !more ? `#${new URLSearchParams({ layer: only })}` : '';
    if (location.hash !== hash) history.replaceState(null, '', `${location.pathname}${hash}`);
  }

  /** @param {string} command @param {any} [detail] @returns {Promise<any>} */
  async command(command, detail) {
    const { session } = this;
    if (session.readOnly && !mayLook(command)) return session.sayReadOnly();
    if (!this.furnished) await this.furnish();
    switch (command) {
      case 'share':
        return (await import('./panels/share-dialog.js')).showShare(session);
      case 'open':
        return /** @type {OpenDialog} */ (this.find('ng-open')).open();
      case 'open-files':
        return /** @type {HTMLInputElement} */ (this.find('#file-picker')).click();
      case 'example':
        return this.#create({ example: detail });
      case 'new':
        return this.#create({ text: '', name: drawing.untitled });
      case 'document':
        await openNet(session, this.openNets, detail);
        return this.requestUpdate();
      case 'close-document':
        return this.#closeNet(detail);
      case 'next-net':
      case 'previous-net': {
        const id = this.openNets.beside(session.info?.id, command === 'next-net' ? 1 : -1);
        return id && id !== session.info?.id && this.command('document', id);
      }
      case 'home':
        if (session.client.readOnly) return this.requestUpdate();
        history.pushState(null, '', '/');
        document.title = 'Netgraft';
        return this.#start();
      case 'undo':
      case 'redo':
        await session.step(command);
        return;
      case 'duplicate':
        return this.#duplicate();
      case 'delete':
        return deleteSelected(session);
      case 'save':
        return this.#save();
      case 'picture':
        return savePicture(session, this.canvas, detail);
      case 'search':
      case 'add':
        this.arrange({ leftOpen: true });
        await this.updateComplete;
        return /** @type {LeftPanel | null} */ (this.find('ng-left'))?.show(command === 'add' ? 'add' : 'layers');
      case 'help':
        return /** @type {HelpDialog} */ (this.find('ng-help')).open();
      case 'problems':
        this.bottomTab = 'problems';
        return this.arrange({ bottomOpen: true });
      case 'next-problem':
      case 'previous-problem':
        await this.command('problems');
        await this.updateComplete;
        return /** @type {Problems | null} */ (this.find('ng-problems'))?.step(command === 'next-problem' ? 1 : -1);
      case 'show-line':
        this.bottomTab = 'source';
        this.arrange({ bottomOpen: true });
        await this.updateComplete;
        return /** @type {SourcePanel | null} */ (this.find('ng-source'))?.goto(detail.line, detail);
      case 'select-all':
        return session.model.selection.all();
      case 'escape':
        session.model.pick(null);
        return session.model.selection.clear();
    }
    const ask = (/** @type {import("./panels/ask-dialog.js").Question} */ question) =>
      /** @type {AskDialog} */ (this.find('ng-ask')).ask(question);
    if (command === 'ask') {
      const answer = await ask(detail.question);
      return answer && detail.then(answer.value);
    }
    return netCommand(command, session, ask, detail);
  }

  /** @param {Parameters<import("./api/client.js").Client["create"]>[0]} source */
  async #create(source) {
    const { session } = this;
    await session.attempt(async () => session.show(await session.client.create(source)));
  }

  /** @param {string} id */
  #closeNet(id) {
    const next = this.openNets.close(id);
    this.requestUpdate();
    return id === this.session.info?.id && (next ? this.command('document', next) : this.command('home'));
  }

  #duplicate() {
    const { session } = this;
    if (!session.info) return;
    if (!session.selection.size) {
      session.notices.add({ kind: 'info', title: messages.topbar.duplicateNothing, detail: t.howToSelect });
      return;
    }
    return /** @type {DuplicateDialog} */ (this.find('ng-duplicate')).open();
  }

  #save() {
    const { info } = this.session;
    if (info) void download(this.session, hasWeights(info) ? 'zip' : 'prototxt');
  }

  openLayer() {
    this.rightTab = 'inspector';
    this.arrange({ rightOpen: true });
  }

  /** @param {CustomEvent<{key: string | null, ground?: boolean, clientX: number, clientY: number, back?: HTMLElement}>} event */
  context(event) {
    const { key, ground, clientX, clientY, back } = event.detail;
    if (key && !this.session.selection.has(key)) this.session.select([key]);
    const menu = /** @type {ContextMenu} */ (this.find('ng-context-menu'));
    void menu.at(
      clientX,
      clientY,
      layerMenu(this.session, (command, detail) => void this.command(command, detail), ground),
      back ?? this.canvas,
    );
  }

  /** @param {KeyboardEvent} event */
  #keys(event) {
    if (event.defaultPrevented) return;
    const dialog = document.querySelector('dialog[open]') !== null;
    const [target] = event.composedPath();
    const command = commandOf(event, { typing: isTyping(target), dialog, settled: isSettled(target) });
    if (!command) return;
    const { selection, picked } = this.session.model;
    if (command === 'escape' && !selection.size && !picked) return;
    event.preventDefault();
    void this.command(command);
  }

  /** @param {DragEvent} event @param {1 | -1} step */
  #drag(event, step) {
    if (!event.dataTransfer?.types.includes('Files') || this.session.readOnly) return;
    event.preventDefault();
    this.dragging = Math.max(0, this.dragging + step);
  }

  /** @param {DragEvent} event */
  #drop(event) {
    this.dragging = 0;
    if (!event.dataTransfer?.files.length) return;
    event.preventDefault();
    if (this.session.readOnly) return this.session.sayReadOnly();
    const folder = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry()).find((entry) => entry?.isDirectory);
    if (folder) this.session.notices.add({ kind: 'error', title: messages.files.folder(folder.name), detail: messages.files.wanted });
    else void this.files.receive(event.dataTransfer.files);
  }

  /** Opens, folds or resizes panels, and remembers it. @param {Partial<PanelLayout>} patch */
  arrange(patch) {
    this.layout = { ...this.layout, ...patch };
    keepLayout(this.layout);
  }

  updated() {
    const { style } = this;
    const { beside, bottomOpen, aside } = this.layout;
    this.toggleAttribute('data-beside', Boolean(this.session.info) && beside && bottomOpen);
    style.setProperty('--aside-size', `${aside}px`);
    for (const side of /** @type {const} */ (['left', 'right', 'bottom'])) {
      style.setProperty(`--${side}-size`, this.layout[`${side}Open`] ? `${this.layout[side]}px` : '0px');
    }
  }

  render() {
    const { session } = this;
    return html`
      <ng-topbar .session=${session} .examples=${this.examples}></ng-topbar>
      <ng-document-tabs .session=${session} .all=${this.openNets.all}></ng-document-tabs>
      ${
        session.info || this.opening
          ? workspace(this)
          : session.client.readOnly
            ? html`<main class="centre alone"><p class="nothing" ?hidden=${session.pending > 0}>${people.gone}</p></main>`
            : html`<main class="centre alone">${this.arrived ? html`<ng-empty .session=${session} .examples=${this.examples} .recent=${this.recent} .waiting=${this.files.waiting?.name ?? null}></ng-empty>` : nothing}</main>`
      }
      ${this.furnished ? html`<ng-open .session=${session}></ng-open><ng-help></ng-help>` : nothing}
      <input
        id="file-picker"
        type="file"
        multiple
        hidden
        accept=".prototxt,.pbtxt,.txt,.caffemodel,.h5"
        aria-label=${messages.open.choose}
        @change=${(/** @type {Event} */ event) => {
          const input = /** @type {HTMLInputElement} */ (event.target);
          const files = [...(input.files ?? [])];
          input.value = '';
          void this.files.receive(files);
        }}
      />
      ${this.dragging ? html`<div class="drop-veil" aria-hidden="true"><div>${icons.drop}<b>${t.dropHere}</b><span>${t.dropHint}</span></div></div>` : nothing}
      <ng-toasts .session=${session}></ng-toasts>
    `;
  }
}

followSystemTheme();
customElements.define('ng-app', App);
