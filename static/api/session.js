/**
 * The open document as the browser knows it: what the server last said, the state looked at and the notices
 * to show. Everything that changes a document goes through here, one request after the other. Panels listen to `change`;
 * `reveal` asks the canvas to bring layers into view.
 */

/** @import {DocumentInfo, Graph, NetState, Operation, OperationResult, PremisesChange} from "./types.js" */

import { messages } from '../messages.js';
import { EMPTY_GRAPH, GraphModel } from '../model/graph-model.js';
import { ApiProblem, Client } from './client.js';
import { Notices } from './notices.js';

export class Session extends EventTarget {
  /** @param {Client} client */
  constructor(client = new Client()) {
    super();
    this.client = client;
    this.notices = new Notices(() => this.changed());
    /** @type {DocumentInfo | null} */
    this.info = null;
    this.model = new GraphModel();
    this.model.addEventListener('selection', () => this.changed());
    this.model.addEventListener('view', () => this.changed());
    /** @type {NetState | null} the state asked for; null leaves it to the server */
    this.state = null;
    /** @type {{text: string, fraction: number | null, cancel: (() => void) | null} | null} what is under way */
    this.progress = null;
    this.pending = 0;
    /** @type {{revision: number, text: string} | null} */
    this.source = null;
    /** @type {Promise<unknown>} the tail of the queue of edits */
    this.queue = Promise.resolve();
  }

  changed() {
    this.dispatchEvent(new Event('change'));
  }

  /** The graph as last heard from the server; empty while no document is open. */
  get graph() {
    return this.model.graph;
  }

  /** Keys of the selected layers. */
  get selection() {
    return this.model.selection.keys;
  }

  /** The selected layers, in file order. */
  get selected() {
    return this.graph.layers.filter((layer) => this.selection.has(layer.key));
  }

  /** @param {Iterable<string>} keys @param {{reveal?: boolean}} [options] */
  select(keys, { reveal = false } = {}) {
    this.model.selection.set(keys);
    if (reveal && this.selection.size) this.reveal([...this.selection]);
  }

  /** @param {string[]} keys */
  reveal(keys) {
    this.dispatchEvent(new CustomEvent('reveal', { detail: keys }));
  }

  /** @param {string} id @returns {Promise<boolean>} whether it is open now; if not, all stays as it was */
  async open(id) {
    const done = await this.attempt(async () => {
      const info = await this.client.document(id);
      await this.show(info);
      return true;
    });
    return done ?? false;
  }

  /** @param {DocumentInfo} info a document to look at from its default state on */
  async show(info) {
    const graph = await this.client.graph(info.id, null);
    this.model.selection.clear();
    this.notices.clear();
    this.source = null;
    this.take(info, graph);
    this.dispatchEvent(new Event('opened'));
  }

  /** Back to no document at all. */
  close() {
    this.info = null;
    this.state = null;
    this.source = null;
    this.notices.clear();
    this.model.setGraph(EMPTY_GRAPH);
    this.changed();
  }

  /** @param {DocumentInfo} info @param {Graph} graph */
  take(info, graph) {
    this.info = info;
    this.state = graph.state;
    this.notices.reached();
    this.model.setGraph(graph);
    this.changed();
  }

  /** @param {NetState} state */
  async setState(state) {
    const info = this.info;
    if (!info) return;
    this.state = state;
    this.changed();
    await this.attempt(async () => this.take(info, await this.client.graph(info.id, state)));
  }

  /** Asks for document and graph again, as after weights came or when another tab was faster. */
  async reload() {
    const id = this.info?.id;
    if (!id) return;
    const [info, graph] = await Promise.all([this.client.document(id), this.client.graph(id, this.state)]);
    this.take(info, graph);
  }

  /** Whether the document is still what is shown, as when its tab comes to the front; shows it anew if not. */
  async refresh() {
    const shown = this.info;
    if (!shown || this.pending) return;
    const now = await this.client.document(shown.id).catch(() => shown); // nobody asked, so nobody is told
    if (this.pending || this.info !== shown || now.revision === shown.revision) return;
    await this.attempt(() => this.reload());
    this.notices.add({ kind: 'info', title: messages.errors.stale, detail: messages.errors.staleShown });
  }

  /**
   * Runs operations as one step of the history. After a failure the document is as it was.
   * @param {Operation[]} operations @returns {Promise<OperationResult | null>} null when refused
   */
  run(operations) {
    return this.enqueue(async (info) => {
      const result = await this.client.operations(info.id, info.revision, operations, this.state);
      this.take(result.document, result.graph);
      return result;
    });
  }

  /** @param {"undo" | "redo"} which */
  step(which) {
    return this.enqueue(async (info) => {
      if (which === 'undo' ? !info.can_undo : !info.can_redo) return null;
      this.notices.clear('ok');
      const before = new Set(this.graph.layers.map((layer) => layer.key));
      const result = await this.client.step(info.id, which, this.state);
      this.take(result.document, result.graph);
      const back = result.graph.layers.map((layer) => layer.key).filter((key) => !before.has(key));
      if (back.length) this.select(back, { reveal: true });
      return result;
    });
  }

  /** Changes what verdicts rest on beside the text. @param {PremisesChange} change */
  premises(change) {
    return this.#retake((info) => this.client.premises(info.id, change, this.state));
  }

  /** @param {File} solver */
  putSolver(solver) {
    return this.#retake((info) => this.client.putSolver(info.id, solver, this.state));
  }

  removeSolver() {
    return this.#retake((info) => this.client.removeSolver(info.id, this.state));
  }

  /** @param {(info: DocumentInfo) => Promise<OperationResult>} ask @returns {Promise<OperationResult | null>} */
  #retake(ask) {
    return this.enqueue(async (info) => {
      const result = await ask(info);
      this.take(result.document, result.graph);
      return result;
    });
  }

  /** @returns {Promise<string>} the prototxt at the present revision */
  async text() {
    if (!this.info) return '';
    const { id, revision } = this.info;
    if (this.source?.revision !== revision) this.source = { revision, text: await this.client.source(id) };
    return this.source.text;
  }

  /**
   * @template T
   * @param {(info: DocumentInfo) => Promise<T | null>} work
   * @returns {Promise<T | null>}
   */
  enqueue(work) {
    const turn = this.queue.then(() =>
      this.attempt(async () => {
        if (!this.info) return null;
        try {
          return await work(this.info);
        } catch (error) {
          if (!(error instanceof ApiProblem && error.status === 409)) throw error;
          await this.reload();
          this.notices.add({ kind: 'warning', title: messages.errors.stale, detail: messages.errors.staleDetail });
          return null;
        }
      }),
    );
    this.queue = turn;
    return turn;
  }

  /**
   * Does something that may fail; a failure becomes a notice.
   * @template T
   * @param {() => Promise<T>} work
   * @returns {Promise<T | null>}
   */
  async attempt(work) {
    this.pending += 1;
    this.changed();
    try {
      return await work();
    } catch (error) {
      if (error instanceof DOMException && error.name === 'AbortError') return null;
      this.notices.problem(error);
      return null;
    } finally {
      this.pending -= 1;
      this.changed();
    }
  }
}
