/** The calls about weights: how they fit a net, what their values are like, further caffemodels, the proof of an export. */

/** @import {Client, UploadOptions} from "./client.js" */
/** @import {DocumentInfo} from "./types.js" */

import { request } from './client.js';

/**
 * @typedef {{index: number, role: string, state: string, shape: number[] | null, stored_shape: number[] | null,
 *   filler: string, owner: string | null, message: string}} BlobMatch
 * @typedef {{layer: string, type: string, fate: string, origin: string | null, message: string, blobs: BlobMatch[]}} LayerMatch
 * @typedef {{source: string, name: string, size: number, layers: number}} WeightSource
 * @typedef {{weights: {name: string, size: number, layers: number} | null, sources: WeightSource[], document: DocumentInfo,
 *   export: {size: number, too_large: boolean}, layers: LayerMatch[], unused: string[], notes: string[]}} WeightsAnswer
 * @typedef {{index: number, role: string, shape: number[], count: number, min: number | null, max: number | null,
 *   mean: number | null, std: number | null, zeros: number, nan: number, inf: number, histogram: number[], filters: boolean}} BlobStats
 * @typedef {{layer: string, fate: string, origin: string | null, message: string, blobs: BlobStats[],
 *   candidates: {source: string, layer: string}[]}} LayerWeights
 * @typedef {{ok: boolean, revision: number, equal: number, copied: number, summary: string,
 *   rows: {layer: string, blob: number, finding: string, source: string, message: string}[]}} Proof
 * @typedef {"prototxt" | "caffemodel" | "hdf5" | "zip"} ExportKind
 */

export class WeightsApi {
  /** @param {Client} client @param {string} id of the document */
  constructor(client, id) {
    this.client = client;
    this.path = `${client.base}/documents/${encodeURIComponent(id)}`;
  }

  /** @returns {Promise<WeightsAnswer>} */
  read() {
    return this.#get('/weights');
  }

  /** @param {string} key @param {boolean} values whether to read them @returns {Promise<LayerWeights>} */
  layer(key, values) {
    return this.#get(`/weights/layers/${keyPath(key)}?values=${values}`);
  }

  /** @param {string} key @param {number} revision makes each revision's picture another one */
  filtersUrl(key, revision) {
    return `${this.path}/weights/filters/${keyPath(key)}?revision=${revision}`;
  }

  /** @param {"caffemodel" | "hdf5"} format @returns {Promise<Proof>} */
  proof(format) {
    return this.#get(`/export/proof?format=${format}`);
  }

  /** @param {string} source @param {File} file @param {UploadOptions} options @returns {Promise<WeightsAnswer>} */
  put(source, file, options = {}) {
    const url = `${this.path}/weights/${encodeURIComponent(source)}`;
    return this.client.give(file, options, async (upload) => {
      const headers = { 'Content-Type': 'application/json' };
      const body = JSON.stringify({ upload });
      return (await request(url, { method: 'PUT', headers, body, signal: options.signal })).json();
    });
  }

  /** @param {string} source @returns {Promise<DocumentInfo>} */
  async remove(source) {
    const url = `${this.path}/weights/${encodeURIComponent(source)}`;
    return (await request(url, { method: 'DELETE' })).json();
  }

  /** @param {ExportKind} kind */
  exportUrl(kind) {
    return `${this.path}/export/${kind}`;
  }

  /** @param {string} path @returns {Promise<any>} */
  async #get(path) {
    return (await request(this.path + path, {})).json();
  }
}

/** A key as the end of a path, where its slashes may stand as they are. @param {string} key */
function keyPath(key) {
  return key.split('/').map(encodeURIComponent).join('/');
}
