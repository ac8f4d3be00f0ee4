/** What becomes of files that a person drops or picks: nets are opened, weights go to the net they are given for. */

/** @import {Session} from "./session.js" */

import { messages } from '../messages.js';

const NET = /\.(prototxt|pbtxt|proto\.txt|txt|cfg)$/i;
const WEIGHTS = /\.(caffemodel|binaryproto|caffemodel\.h5|h5)$/i;

export class FileDesk {
  /** @param {Session} session */
  constructor(session) {
    this.session = session;
    /** @type {File | null} weights that came before any net */
    this.waiting = null;
  }

  /** @param {Iterable<File>} files */
  async receive(files) {
    const { session } = this;
    const list = [...files];
    const nets = list.filter((file) => NET.test(file.name));
    const weights = list.filter((file) => WEIGHTS.test(file.name));
    const strange = list.find((file) => !nets.includes(file) && !weights.includes(file));
    if (strange) {
      session.notices.add({
        kind: 'error',
        title: messages.files.strange(strange.name),
        detail: messages.files.wanted,
      });
      return;
    }
    if (nets.length > 1 || weights.length > 1) {
      session.notices.add({ kind: 'error', title: messages.files.tooMany, detail: messages.files.tooManyDetail });
    } else if (nets[0]) {
      await this.#openNet(nets[0], weights[0] ?? this.waiting);
    } else if (weights[0] && session.info) {
      await this.#attach(weights[0]);
    } else if (weights[0]) {
      this.waiting = weights[0];
      session.notices.add({
        kind: 'info',
        title: messages.files.waiting(weights[0].name),
        detail: messages.files.waitingDetail,
      });
      session.changed();
    }
  }

  /** @param {File} net @param {File | null} weights */
  async #openNet(net, weights) {
    const { session } = this;
    const info = await this.#upload(weights ? `${net.name} + ${weights.name}` : net.name, (options) =>
      session.client.upload(net, weights, options),
    );
    if (!info) return;
    this.waiting = null;
    await session.attempt(() => session.show(info));
  }

  /** @param {File} weights */
  async #attach(weights) {
    const { session } = this;
    const id = session.info?.id;
    if (!id) return;
    const done = await this.#upload(weights.name, async (options) => {
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

  /**
   * @template T
   * @param {string} what
   * @param {(options: import("./client.js").UploadOptions) => Promise<T>} send
   * @returns {Promise<T | null>}
   */
  async #upload(what, send) {
    const { session } = this;
    const abort = new AbortController();
    const progress = {
      text: messages.files.uploading(what),
      fraction: /** @type {number | null} */ (0),
      cancel: () => abort.abort(),
    };
    session.progress = progress;
    const onProgress = (/** @type {number} */ fraction) => {
      session.progress =
        fraction < 1 ? { ...progress, fraction } : { ...progress, text: messages.files.reading(what), fraction: null };
      session.changed();
    };
    const done = await session.attempt(() => send({ onProgress, signal: abort.signal }));
    session.progress = null;
    session.changed();
    return done;
  }
}
