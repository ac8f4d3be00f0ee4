/**
 * The open document as the browser knows it: what the server last said, the state looked at, who else is there and the
 * notices to show. Everything that changes a document goes through here, one request after the other. Panels listen to
 * `change`, those that show whether something is under way to `pending`, too; `reveal` asks the canvas to bring layers
 * into view, `layout` to read where cards are; `closed` says that the document is no more.
 */

/** @import {DocumentInfo, Graph, NetState, Operation, OperationResult, PremisesChange} from "./types.js" */

import { messages } from '../messages.js';
import { history as steps } from '../messages/around.js';
import { people as texts } from '../messages/people.js';
import { EMPTY_GRAPH, GraphModel } from '../model/graph-model.js';
import { ApiProblem, Client } from './client.js';
import { Following } from './following.js';
import { Happenings } from './happenings.js';
import { Live } from './live.js';
import { Notices } from './notices.js';
import { overtaken } from './overtaken.js';
import { who } from './who.js';

export class Session extends EventTarget {
  /** @param {Client} client @param {{me?: import("./who.js").Who, live?: Live}} [options] */
  constructor(client = new Client(), { me = who(), live = new Live(me.client) } = {}) {
    super();
    this.client = client;
    this.me = me;
    this.live = live;
    this.notices = new Notices(() => this.changed(), (words) => this.say(words));
    this.happenings = new Happenings(() => this.changed());
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
    /** Edits that wait for their turn or are on their way. */
    this.edits = 0;
    /** What a screen reader was told last of what is seen anyway. */
    this.said = '';
    /** @type {{revision: number, text: string} | null} */
    this.source = null;
    /** @type {Promise<unknown>} the tail of the queue of edits */
    this.queue = Promise.resolve();
    /** @type {number | null} the revision that was shown when somebody began to type in a field; an edit from there is for it */
    this.typedAt = null;
    /** @type {Map<number, number>} from which revision one's own edits led to which, nobody's in between */
    this.ownSteps = new Map();
    this.following = new Following(this);
    this.#listen();
  }

  /** Whether this page may only look. */
  get readOnly() {
    return this.client.readOnly || this.info?.access === 'read';
  }

  #listen() {
    const { live, me, model } = this;
    live.call(me.name);
    me.addEventListener('name', () => {
      live.call(me.name);
      this.changed();
    });
    model.addEventListener('selection', () => live.select(this.selection));
    live.addEventListener('status', () => {
      if (live.status === 'on') this.notices.reached();
      this.changed();
    });
    live.addEventListener('people', () => {
      model.setPeople(live.others);
      this.changed();
    });
    live.addEventListener('events', (event) => {
      const { events, version } = /** @type {CustomEvent<{events: import("./live.js").Happening[], version: number}>} */ (event).detail;
      const others = events.filter(({ client }) => client !== live.client);
      this.happenings.heard(others, new Map(live.people.map(({ client, colour }) => [client, colour])));
      this.following.heard(events, version);
    });
    live.addEventListener('away', () => void this.refresh());
    live.addEventListener('gone', (event) => {
      if (/** @type {CustomEvent<{code: number}>} */ (event).detail.code === 4404) this.#gone();
    });
  }

  /** Somebody deleted the document. */
  #gone() {
    const { info, source } = this;
    if (!info) return;
    const kept = source?.revision === info.revision ? source.text : null;
    this.close();
    this.dispatchEvent(new Event('closed'));
    const keep = async () => {
      if (kept !== null) await this.attempt(async () => this.show(await this.client.create({ text: kept, name: info.name })));
    };
    this.notices.add({
      kind: 'warning',
      title: texts.deleted(info.name),
      detail: texts.deletedDetail,
      ...(kept === null || this.readOnly ? {} : { action: { label: texts.keepCopy, run: () => void keep() } }),
    });
  }

  changed() {
    this.dispatchEvent(new Event('change'));
  }

  /** Tells a screen reader what others see. @param {string} words */
  say(words) {
    this.said = words === this.said ? `${words}\u00a0` : words; // the same anew is no change, and would not be read
    this.changed();
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
      try {
        const [info, graph] = await Promise.all([this.client.document(id), this.client.graph(id, null)]);
        await this.show(info, graph);
        return true;
      } catch (error) {
        if (!(error instanceof ApiProblem && error.code === 'damaged-revision')) throw error;
        this.#damaged(id, error);
        return false;
      }
    });
    return done ?? false;
  }

  /** The present revision cannot be read: the last whole one before it is offered. @param {string} id @param {ApiProblem} problem */
  #damaged(id, { detail, more }) {
    const whole = typeof more.readable === 'number' && !this.client.readOnly ? more.readable : null;
    const back = (/** @type {number} */ revision) =>
      this.attempt(async () => {
        const { document, graph } = await this.client.goTo(id, revision, null, null);
        await this.show(document, graph);
      });
    this.notices.add({
      kind: 'error',
      title: messages.errors.damaged,
      detail,
      ...(whole === null ? {} : { action: { label: messages.errors.goBack(whole), run: () => void back(whole) } }),
    });
  }

  /** The one document that a read-only link shows. */
  async openOnly() {
    await this.attempt(async () => {
      const [info] = await this.client.documents();
      if (info) await this.open(info.id);
    });
  }

  sayReadOnly() {
    this.notices.add({ kind: 'info', title: texts.readOnlyDone });
  }

  /** @param {DocumentInfo} info a document to look at from its default state on @param {Graph} [known] its graph, where it is at hand */
  async show(info, known) {
    const graph = known?.revision === info.revision ? known : await this.client.graph(info.id, null);
    this.following.forget();
    this.happenings.forget();
    this.model.readOnly = this.client.readOnly || info.access === 'read';
    this.model.selection.clear();
    this.notices.clear();
    this.source = null;
    this.typedAt = null;
    this.ownSteps.clear();
    this.take(info, graph);
    this.live.open((version) => this.client.liveUrl(info.id, version, this.me), info.version);
    this.dispatchEvent(new Event('opened'));
    // the net was changed between the two answers: the greeting would not say so
    if (graph.revision !== info.revision) await this.quietly(() => this.following.fetch());
  }

  /** Back to no document at all. */
  close() {
    this.live.close();
    this.following.forget();
    this.happenings.forget();
    this.info = null;
    this.state = null;
    this.source = null;
    this.typedAt = null;
    this.ownSteps.clear();
    this.notices.clear();
    this.model.setGraph(EMPTY_GRAPH);
    this.changed();
  }

  /** @param {DocumentInfo} info @param {Graph} graph */
  take(info, graph) {
    // "Undo" beside what was done would take back another step now
    if (this.info && this.info.revision !== info.revision) this.notices.clear('ok');
    this.info = info;
    this.state = graph.state;
    this.notices.reached();
    this.live.hurry(); // the server answers: what others do can be heard of again
    this.model.setGraph(graph);
    this.changed();
  }

  /** @param {NetState} state */
  async setState(state) {
    const { info } = this;
    if (!info) return;
    this.state = state;
    this.changed();
    await this.attempt(async () => {
      const graph = await this.client.graph(info.id, state);
      if (this.info?.id !== info.id || this.state !== state) return; // another was chosen meanwhile
      if (graph.revision === this.info.revision) this.take(this.info, graph);
      else await this.following.fetch();
    });
  }

  /** Asks for document and graph again, as after weights came. */
  async reload() {
    if (this.info) await this.quietly(() => this.following.fetch(), true);
  }

  /**
   * Whether the document is still what is shown; shows it anew if not. Where the live connection works this is a look
   * whether it is alive; where it is blocked, this is how one hears of others.
   */
  async refresh() {
    const shown = this.info;
    if (!shown || this.pending) return;
    const now = await this.client.document(shown.id).catch(() => null); // nobody asked, so nobody is told
    if (now && this.notices.reached()) this.changed();
    if (!now || this.pending || this.info?.id !== shown.id || now.version <= this.info.version) return;
    this.live.revive();
    const others = now.revision !== this.info.revision;
    await this.reload();
    if (others && this.live.status !== 'on') {
      this.notices.add({ kind: 'info', title: messages.errors.stale, detail: messages.errors.staleShown });
    }
  }

  /**
   * Does something in its turn without a word of it on the page.
   * @param {() => Promise<unknown>} work @param {boolean} [told] a failure becomes a notice
   */
  quietly(work, told = false) {
    const turn = this.queue.then(async () => {
      try {
        await work();
      } catch (error) {
        if (error instanceof DOMException && error.name === 'AbortError') return;
        if (told) this.notices.problem(error);
      }
    });
    this.queue = turn;
    return turn;
  }

  /**
   * Runs operations as one step of the history. After a failure the document is as it was.
   * @param {Operation[]} operations @param {{base?: number}} [options] the revision that they were made for; by default the present one
   * @returns {Promise<OperationResult | null>} null when refused
   */
  run(operations, { base = this.typedAt ?? undefined } = {}) {
    return this.enqueue((info) => this.apply(info, operations, base));
  }

  /**
   * Sends operations and shows what came of them.
   * @param {DocumentInfo} info @param {Operation[]} operations @param {number} [base]
   */
  async apply(info, operations, base) {
    let from = base ?? info.revision;
    while (from !== info.revision && this.ownSteps.has(from)) from = this.ownSteps.get(from) ?? from; // one's own step is no news
    const result = await this.client.operations(info.id, from, operations, this.state);
    const { rebased } = result;
    if (!rebased) this.ownSteps.set(from, result.document.revision);
    if (this.typedAt === info.revision && !rebased) this.typedAt = result.document.revision;
    this.take(result.document, result.graph);
    if (rebased?.over.length) this.happenings.rebased(rebased.over);
    return result;
  }

  /** @param {"undo" | "redo"} which */
  step(which) {
    return this.enqueue(async (info) => {
      if (which === 'undo' ? !info.can_undo : !info.can_redo) return null;
      this.notices.clear('ok');
      const before = new Set(this.graph.layers.map((layer) => layer.key));
      const result = await this.client.step(info.id, which, info.revision, this.state);
      this.take(result.document, result.graph);
      this.say(which === 'undo' ? steps.undone(info.undo_title ?? '') : steps.redone(info.redo_title ?? ''));
      const back = result.graph.layers.map((layer) => layer.key).filter((key) => !before.has(key));
      if (back.length) this.select(back, { reveal: true });
      return result;
    }, which);
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
   * Does something in its turn. Where the net has moved on, it is shown as it is now and it is said what came between.
   * @template T
   * @param {(info: DocumentInfo) => Promise<T | null>} work @param {'edit' | 'undo' | 'redo' | 'goto'} [what]
   * @returns {Promise<T | null>}
   */
  enqueue(work, what = 'edit') {
    if (this.readOnly) {
      this.sayReadOnly();
      return Promise.resolve(null);
    }
    this.following.giveWay();
    this.edits += 1;
    const turn = this.queue.then(() =>
      this.attempt(async () => {
        if (!this.info) return null;
        try {
          return await work(this.info);
        } catch (error) {
          if (!(error instanceof ApiProblem && error.status === 409)) throw error;
          await this.following.fetch();
          this.notices.add(overtaken(error, what));
          return null;
        } finally {
          this.following.resume();
        }
      }),
    );
    this.queue = turn.finally(() => {
      this.edits -= 1;
    });
    return turn;
  }

  /**
   * Does something that may fail; a failure becomes a notice.
   * @template T
   * @param {() => Promise<T>} work
   * @returns {Promise<T | null>}
   */
  async attempt(work) {
    this.#await(1);
    try {
      return await work();
    } catch (error) {
      if (error instanceof DOMException && error.name === 'AbortError') return null;
      this.notices.problem(error);
      return null;
    } finally {
      this.#await(-1);
    }
  }

  /** Told by itself: most panels show nothing of it, and to draw them all anew costs as much as to draw the net. @param {1 | -1} more */
  #await(more) {
    this.pending += more;
    this.dispatchEvent(new Event('pending'));
  }
}
