/** The prototxt beside the graph, both ways live: what is typed becomes the net when it parses, what is selected is marked. */

/** @import {Diagnostic} from "../model/types.js" */
/** @import {CatalogueType} from "../api/types.js" */
/** @import {ApiProblem} from "../api/client.js" */
/** @import {Schema} from "../api/schema.js" */
/** @import {Finding, TextEditor} from "../text/editor.js" */

import { schemaOf, tryOperations } from '../api/schema.js';
import { text as t } from '../messages/text.js';
import { applyChanges, mergeInto } from '../text/merge.js';
import { html, nothing } from '../vendor/lit.js';
import { Panel } from './base.js';
import { icons } from './icons.js';
import { metSomething, shapeText } from './words.js';

/** @typedef {{revision: number, text: string, exact: boolean}} Found */

const UNREAD = -1;
const PAUSE = 500; // milliseconds without a key after which the text is read: one step of the history

export class SourcePanel extends Panel {
  static properties = {
    ...Panel.properties,
    catalogue: { attribute: false },
    refusal: { state: true },
    clash: { state: true },
    unsaved: { state: true },
    loaded: { state: true },
  };

  constructor() {
    super();
    /** @type {ReadonlyMap<string, CatalogueType>} */
    this.catalogue = new Map();
    /** @type {TextEditor | null} */
    this.editor = null;
    /** @type {Schema | null} */
    this.schema = null;
    /** @type {{id: string, revision: number, text: string, exact: boolean, crlf: boolean} | null} what editor and server agree on */
    this.base = null;
    /** @type {ApiProblem | null} why the text that stands here is not the net */
    this.refusal = null;
    /** What others made of the text, where it cannot be brought together with what is typed here. @type {Found | null} */
    this.theirs = null;
    /** The server refused to bring the two together: somebody has to say which is to stay. */
    this.clash = false;
    this.unsaved = false;
    this.loaded = false;
    this.busy = false;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    /** @type {number | null} a line to go to once the text is there */
    this.wanted = null;
    this.wantsFocus = false;
    /** @type {string | undefined} the layer that was shown last */
    this.lastLead = undefined;
    this.shown = '';
    /** @type {import("../model/types.js").Graph | null} whose findings are marked */
    this.graph = null;
  }

  /** @param {number} line 1-based */
  goto(line, { focus = false } = {}) {
    this.wanted = line;
    this.wantsFocus = focus;
    this.requestUpdate();
  }

  firstUpdated() {
    void this.#start();
  }

  connectedCallback() {
    super.connectedCallback();
    this.session.live.addEventListener('status', this.again);
  }

  /** The server is back: what it did not hear is said once more. */
  again = () => {
    if (this.session.live.status === 'on' && this.unsaved && !this.refusal && !this.clash) this.#changed();
  };

  disconnectedCallback() {
    super.disconnectedCallback();
    this.session.live.removeEventListener('status', this.again);
    void this.#send();
    this.editor?.destroy();
    this.editor = null;
  }

  async #start() {
    const [{ TextEditor }] = await Promise.all([import('../text/editor.js'), this.updateComplete]);
    const host = this.find('.source-editor');
    if (!host || !this.isConnected) return;
    this.editor = new TextEditor(host, {
      label: t.label,
      knowledge: () =>
        this.schema && {
          schema: this.schema,
          catalogue: this.catalogue,
          blobs: (line) => this.#blobs(line),
          params: () => new Set(this.session.graph.layers.flatMap(({ blobs }) => blobs.flatMap(({ param }) => param ?? []))),
        },
      changed: () => this.#changed(),
      moved: (line) => this.#moved(line),
      unsaved: () => this.unsaved,
      step: (which) => void this.session.step(which),
      left: () => void this.#send(),
      rename: (symbol, line) => void this.#rename(symbol, line),
    });
    this.schema = await this.session.attempt(() => schemaOf(this.session.client));
    this.requestUpdate();
  }

  /** The blobs as a layer at a line may read them: of several of one name the last above. @param {number} line */
  #blobs(line) {
    const { layers } = this.session.graph;
    const { model } = this.session;
    /** @type {Map<string, import("../text/knowledge.js").Blob>} */
    const found = new Map();
    for (const layer of layers) {
      const above = layer.end_line < line;
      layer.tops.forEach(({ name, shape }, top) => {
        if (!above && found.has(name)) return;
        const readers = () => model.edgesOut(layer.key).filter((edge) => edge.top === top).map((edge) => edge.target);
        found.set(name, {
          name,
          shape: shapeText(shape),
          by: layer.key,
          get readers() {
            return [...new Set(readers())];
          },
          distance: above ? line - layer.end_line : Infinity,
        });
      });
    }
    return found.values();
  }

  /** Another name for what the cursor is on, at all its places. @param {import("../text/symbols.js").Symbol} symbol @param {number} line */
  async #rename({ kind, name }, line) {
    await this.#send();
    if (this.unsaved) return; // what stands here is no net yet
    const layer = this.session.graph.layers.find((one) => one.line <= line && line <= one.end_line);
    const words = t.rename;
    const detail = {
      question: { title: words.title[kind], label: words.label[kind], action: words.action, value: name },
      then: (/** @type {string} */ to) => {
        if (to === name) return;
        if (kind === 'blob') return this.session.run([{ op: 'rename_blob', blob: name, to }]);
        if (kind === 'param') return this.session.run([{ op: 'rename_share_group', name, to }]);
        return layer && this.session.run([{ op: 'rename_layer', layer: layer.key, to }]);
      },
    };
    this.dispatchEvent(new CustomEvent('command', { detail: { command: 'ask', detail }, bubbles: true }));
  }

  /** The text as the file has it: CodeMirror counts CRLF as one line end. */
  #whole() {
    const text = this.editor?.text ?? '';
    return this.base?.crlf ? text.replaceAll('\n', '\r\n') : text;
  }

  #changed() {
    this.unsaved = true;
    if (this.clash) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.#send(), PAUSE);
  }

  /** Makes what was typed the net, as one step. */
  async #send() {
    clearTimeout(this.timer);
    if (!this.unsaved || this.busy || this.clash || !this.base || !this.editor || this.session.readOnly) return;
    const { base } = this;
    const text = this.#whole();
    if (text === base.text) {
      [this.unsaved, this.refusal] = [false, null];
      return;
    }
    this.busy = true;
    try {
      const answer = await tryOperations(this.session, [{ op: 'replace_text', text, must_parse: true }], base.revision);
      if (answer?.result) {
        // what the server made of it, over what others did, is still to be read
        this.base = { ...base, text, revision: answer.result.rebased ? UNREAD : answer.result.document.revision };
        this.theirs = null;
      }
      this.refusal = answer?.refusal ?? null;
      this.clash = !answer && base.revision !== this.session.info?.revision;
      this.unsaved = !answer?.result || (this.editor !== null && this.#whole() !== text);
      if (this.unsaved && answer?.result) this.#changed();
      else if (this.editor?.focused) this.#moved(this.editor.line);
    } finally {
      this.busy = false;
      this.requestUpdate();
    }
  }

  /** Follows the document where something else changed it. */
  async #follow() {
    const { info, client } = this.session;
    if (!info || !this.editor || this.busy) return;
    const known = this.theirs ?? this.base;
    if (this.base?.id === info.id && known?.revision === info.revision) return;
    this.busy = true;
    try {
      const found = await this.session.attempt(() => client.exactSource(info.id));
      if (!found || !this.editor) return;
      if (this.base?.id !== info.id) this.#begin(info.id, found);
      else this.#bringIn(this.base, found);
    } finally {
      this.busy = false;
      this.requestUpdate();
    }
  }

  /** Another net, or the first. @param {string} id @param {Found} found */
  #begin(id, found) {
    clearTimeout(this.timer);
    [this.unsaved, this.refusal, this.clash, this.theirs] = [false, null, false, null];
    const crlf = found.text.includes('\r') && !/\r(?!\n)|(?<!\r)\n/.test(found.text);
    this.base = { id, ...found, crlf };
    this.editor?.begin(this.#plain(found.text), { readOnly: !found.exact || this.session.readOnly });
    this.loaded = true;
    this.shown = '';
    this.lastLead = undefined;
  }

  /** A text as CodeMirror has it. @param {string} text */
  #plain(text) {
    return this.base?.crlf ? text.replaceAll('\r\n', '\n') : text;
  }

  /**
   * Something else changed the text: its changes come in beside what is typed here, as far as they do not meet.
   * @param {NonNullable<SourcePanel['base']>} base @param {Found} found
   */
  #bringIn(base, found) {
    const { editor } = this;
    if (!editor) return;
    const mine = editor.text;
    const theirs = this.#plain(found.text);
    const changes = this.clash ? null : mergeInto(this.#plain(base.text), mine, theirs);
    this.shown = '';
    if (!changes) {
      this.theirs = found; // the server is asked, with the revision that was typed on
      return;
    }
    this.base = { ...base, ...found };
    this.theirs = null;
    editor.change(changes);
    this.unsaved = editor.text !== theirs;
    if (!this.unsaved) {
      clearTimeout(this.timer);
      this.refusal = null;
    }
  }

  /** Both changed the same: one of them stays. @param {'mine' | 'theirs'} which */
  #decide(which) {
    const { theirs: found, base, editor } = this;
    if (!found || !base || !editor) return;
    const mine = editor.text;
    const theirs = this.#plain(found.text);
    const changes = mergeInto(this.#plain(base.text), mine, theirs, { keepMine: true }) ?? [];
    this.base = { ...base, ...found };
    [this.theirs, this.clash, this.refusal, this.shown] = [null, false, null, ''];
    // as if typed, so that undo in the text brings back what went
    editor.replace(which === 'mine' ? applyChanges(mine, changes) : theirs, { typed: true });
    this.unsaved = editor.text !== theirs;
    if (this.unsaved) this.#changed();
  }

  /** The cursor's layer is the selected one. @param {number} line */
  #moved(line) {
    if (this.unsaved || !this.#agrees) return;
    const layer = this.session.graph.layers.find((one) => one.line <= line && line <= one.end_line);
    if (!layer || this.session.selection.has(layer.key)) return;
    this.lastLead = layer.key;
    this.session.select([layer.key], { reveal: true });
  }

  /** Whether the graph's lines are those of the text. */
  get #agrees() {
    const { info, graph } = this.session;
    return this.base?.id === info?.id && this.base?.revision === graph.revision && !this.unsaved;
  }

  updated() {
    void this.#follow();
    if (!this.editor || !this.base) return;
    const { graph, selected } = this.session;
    if (graph !== this.graph) this.shown = '';
    this.graph = graph;
    if (this.refusal) this.#show(`refused ${this.refusal.message}`, () => this.editor?.find(this.#refused()));
    else if (this.#agrees) {
      const keys = selected.map(({ key }) => key).join('\n');
      this.#show(`selected ${keys}`, () => {
        this.editor?.mark(selected.map(({ line, end_line }) => ({ from: line, to: end_line })));
        this.editor?.find(graph.diagnostics.filter((one) => one.line && !one.file).map((one) => this.#finding(one)));
      });
      const lead = selected[0];
      if (lead && lead.key !== this.lastLead && !this.editor.focused) this.wanted ??= lead.line;
      this.lastLead = lead?.key;
    }
    if (this.wanted && this.loaded) {
      this.editor.reveal(this.wanted, { focus: this.wantsFocus });
      this.wanted = null;
      this.wantsFocus = false;
    }
  }

  /** @param {string} what @param {() => void} show */
  #show(what, show) {
    if (what === this.shown) return;
    this.shown = what;
    show();
  }

  /** @returns {Finding[]} */
  #refused() {
    return (this.refusal?.places ?? [])
      .filter(({ line }) => line)
      .map(({ line, column, message }) => ({
        line: line ?? 1,
        column: column ?? null,
        endLine: null,
        endColumn: null,
        severity: /** @type {const} */ ('error'),
        message: metSomething(message),
        actions: [],
      }));
  }

  /** @param {Diagnostic} problem @returns {Finding} */
  #finding({ line, column, end_line, end_column, severity, message, caffe_message, code, fixes }) {
    return {
      line: line ?? 1,
      column,
      endLine: end_line,
      endColumn: end_column,
      severity,
      message: caffe_message ? `${message}\n${t.caffeSays} ${caffe_message}` : message,
      source: code,
      actions: (this.session.readOnly ? [] : fixes).map(({ title, operations }) => ({
        name: title,
        run: () => void this.session.run(operations),
      })),
    };
  }

  #state() {
    const { refusal, base } = this;
    if (this.clash && this.theirs) {
      return html`<p class="source-state refused">${icons.warning}<span>${t.clash}</span>
        <button type="button" class="button small" @click=${() => this.#decide('mine')}>${t.keepMine}</button>
        <button type="button" class="button small" @click=${() => this.#decide('theirs')}>${t.takeTheirs}</button></p>`;
    }
    if (this.session.readOnly) return nothing;
    if (base && !base.exact) return html`<p class="source-state">${icons.info}<span>${t.readOnly}</span></p>`;
    if (!refusal) return this.unsaved ? html`<p class="source-state"><span>${t.waiting}</span></p>` : nothing;
    const [place] = refusal.places;
    const there = () => place?.line && this.editor?.reveal(place.line, { focus: true });
    return html`<p class="source-state refused">${icons.error}<span
        ><button type="button" class="link" @click=${there}>${t.refused(place?.line, place?.column)}</button> ${metSomething(place?.message ?? refusal.message)}
        <span class="muted refused-hint">${t.refusedHint}</span></span
      ></p>`;
  }

  render() {
    return html`<div class="source">
      ${this.loaded ? nothing : html`<p class="nothing">${t.loading}</p>`}
      <div class="source-editor"></div>
      <div role="status">${this.#state()}</div>
    </div>`;
  }
}

customElements.define('ng-source', SourcePanel);
