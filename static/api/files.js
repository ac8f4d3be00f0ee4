/** What becomes of files that a person drops or picks: nets are opened, weights go to the net they are given for. */

/** @import {Session} from "./session.js" */

import { messages } from '../messages.js';
import { uploading } from './progress.js';
import { isSolver } from './solver-text.js';

const NET = /\.(prototxt|pbtxt|proto\.txt|txt|cfg)$/i;
const LARGEST_SOLVER = 2 ** 20;
// a solver state is none, but the server says best why
const WEIGHTS = /\.(caffemodel|solverstate|solverstate\.h5|binaryproto|caffemodel\.h5|h5)$/i;

export class FileDesk {
  /** @param {Session} session */
  constructor(session) {
    this.session = session;
    /** @type {File | null} weights that came before any net */
    this.waiting = null;
    /** @type {File | null} a solver that came before any net */
    this.waitingSolver = null;
  }

  /** @param {Iterable<File>} files */
  async receive(files) {
    const { session } = this;
    const list = [...files];
    session.notices.clear('error');
    session.changed();
    const texts = list.filter((file) => NET.test(file.name));
    const weights = list.filter((file) => WEIGHTS.test(file.name));
    const strange = list.find((file) => !texts.includes(file) && !weights.includes(file));
    if (strange) {
      session.notices.add({
        kind: 'error',
        title: messages.files.strange(strange.name),
        detail: messages.files.wanted,
      });
      return;
    }
    /** @type {File[]} */
    const solvers = [];
    for (const file of texts) if (file.size <= LARGEST_SOLVER && isSolver(await file.text())) solvers.push(file);
    const nets = texts.filter((file) => !solvers.includes(file));
    if (nets.length > 1 && nets.length === list.length) {
      for (const net of nets) await this.#openNet(net, null);
      return;
    }
    if (nets.length > 1 || weights.length > 1 || solvers.length > 1) {
      session.notices.add({ kind: 'error', title: messages.files.tooMany, detail: messages.files.tooManyDetail });
      return;
    }
    const [solver] = solvers;
    if (nets[0]) {
      if (!(await this.#openNet(nets[0], weights[0] ?? this.waiting))) return;
    } else if (weights[0] && session.info) {
      await this.#attach(weights[0]);
    } else if (weights[0]) {
      this.waiting = weights[0];
      this.#waits(messages.files.waiting(weights[0].name));
    }
    if (solver && session.info) await this.#train(solver);
    else if (solver) {
      this.waitingSolver = solver;
      this.#waits(messages.premises.solver.waiting(solver.name));
    } else if (nets[0] && this.waitingSolver) await this.#train(this.waitingSolver);
  }

  /** @param {string} title */
  #waits(title) {
    this.session.notices.add({ kind: 'info', title, detail: messages.files.waitingDetail });
    this.session.changed();
  }

  /** @param {File} solver */
  async #train(solver) {
    const { session } = this;
    const result = await session.putSolver(solver);
    if (!result) return;
    this.waitingSolver = null;
    const told = result.graph.diagnostics.filter(({ file, severity }) => file && severity !== 'info').length;
    session.notices.add({
      kind: told ? 'warning' : 'ok',
      title: messages.premises.solver.attached(solver.name),
      detail: told ? messages.premises.solver.problems(told) : undefined,
      ...(told ? { action: { label: messages.commands.show, run: () => session.dispatchEvent(new Event('show-problems')) } } : {}),
    });
  }

  /** @param {File} net @param {File | null} weights */
  async #openNet(net, weights) {
    const { session } = this;
    const info = await uploading(session, weights ? `${net.name} + ${weights.name}` : net.name, (options) =>
      session.client.upload(net, weights, options),
    );
    if (!info) return false;
    this.waiting = null;
    await session.attempt(() => session.show(info));
    return session.info?.id === info.id;
  }

  /** @param {File} weights */
  async #attach(weights) {
    const { session } = this;
    const id = session.info?.id;
    if (!id) return;
    const done = await uploading(session, weights.name, async (options) => {
      await session.client.putWeights(id, weights, options);
      return true;
    });
    if (!done) return;
    await session.attempt(() => session.reload());
    const withBlobs = session.graph.layers.filter((layer) => layer.blobs.length > 0);
    const loads = withBlobs.filter((layer) => layer.weights === 'loads').length;
    const all = withBlobs.length;
    session.notices.add({
      kind: loads ? 'ok' : 'warning',
      title: messages.files.attached(weights.name),
      detail: messages.files.loads(loads, all),
    });
  }
}
