/** The REST API, one method a route. Every failure is an `ApiProblem`. */

/** @import {CatalogueType, DocumentInfo, Example, Graph, NetState, Operation, OperationResult, PremisesChange, PreviewResult, ProblemPlace} from "./types.js" */

import { messages } from '../messages.js';
import { HeldGraph } from './graph-changes.js';
import { who } from './who.js';

/** A refusal by the server (RFC 9457), or a network that did not answer (`status` 0). */
export class ApiProblem extends Error {
  /**
   * @param {number} status
   * @param {string} title
   * @param {string} detail
   * @param {ProblemPlace[]} places
   * @param {string} code
   * @param {Record<string, unknown>} more what the answer says beside that
   */
  constructor(status, title, detail = '', places = [], code = '', more = {}) {
    super(detail || title);
    this.name = 'ApiProblem';
    this.status = status;
    this.title = title;
    this.detail = detail;
    this.places = places;
    this.code = code;
    this.more = more;
  }
}

/**
 * @param {number} status
 * @param {string} text the body, problem+json or not
 */
export function problemFrom(status, text) {
  try {
    const body = JSON.parse(text);
    const places = Array.isArray(body.errors) ? body.errors : [];
    return new ApiProblem(status, body.title ?? messages.errors.generic, body.detail ?? '', places, body.code ?? '', body);
  } catch {
    return new ApiProblem(status, messages.errors.generic, messages.errors.status(status));
  }
}

/** @param {NetState | null | undefined} state */
function stateQuery(state) {
  if (!state) return '';
  const query = new URLSearchParams({ phase: state.phase });
  if (state.level) query.set('level', String(state.level));
  for (const stage of state.stages) query.append('stage', stage);
  return `?${query}`;
}

/** @typedef {{onProgress?: (fraction: number) => void, onWaiting?: () => void, signal?: AbortSignal}} UploadOptions */

/** Where the API is for a page: a read-only link has its own. @param {string} path of the page */
export function baseOf(path) {
  const [link] = /^\/s\/[^/]+/.exec(path) ?? [];
  return `${link ?? ''}/api`;
}

export class Client {
  /** @param {string} base */
  constructor(base = '/api') {
    this.base = base;
    this.held = new HeldGraph();
  }

  /** A read-only link: all that can be asked for is to be shown. */
  get readOnly() {
    return this.base !== '/api';
  }

  /** The live connection's address. @param {string} id @param {number} after the last version seen @param {import("./who.js").Who} me */
  liveUrl(id, after, me) {
    const query = new URLSearchParams({ after: String(after), client: me.client, name: me.name });
    const { protocol, host } = globalThis.location;
    return `${protocol === 'https:' ? 'wss' : 'ws'}://${host}${this.base}/documents/${encodeURIComponent(id)}/live?${query}`;
  }

  /** @returns {Promise<DocumentInfo[]>} */
  async documents() {
    const body = await this.#json('GET', '/documents');
    return Array.isArray(body) ? body : body.documents;
  }

  /** @param {string} id @param {AbortSignal} [signal] @returns {Promise<DocumentInfo>} */
  document(id, signal) {
    return this.#json('GET', `/documents/${encodeURIComponent(id)}`, undefined, signal);
  }

  /** Where the cards of its picture were moved to. @param {string} id @returns {Promise<import("./types.js").PictureLayout>} */
  layout(id) {
    return this.#json('GET', `/documents/${encodeURIComponent(id)}/layout`);
  }

  /**
   * Moves some cards and leaves the others where they are.
   * @param {string} id @param {Record<'down' | 'right', Record<string, readonly [number, number] | null>>} moves null puts one back
   * @returns {Promise<import("./types.js").PictureLayout>} where all are now
   */
  moveCards(id, moves) {
    return this.#json('PATCH', `/documents/${encodeURIComponent(id)}/layout`, moves);
  }

  /** @param {string} id @returns {Promise<void>} */
  removeDocument(id) {
    return this.#json('DELETE', `/documents/${encodeURIComponent(id)}`);
  }

  /** @param {{example: string} | {text: string, name?: string}} source @returns {Promise<DocumentInfo>} */
  create(source) {
    return this.#json('POST', '/documents', source);
  }

  /**
   * @param {File} prototxt @param {File | null} caffemodel @param {UploadOptions} options
   * @returns {Promise<DocumentInfo>}
   */
  upload(prototxt, caffemodel, options = {}) {
    const form = new FormData();
    form.set('prototxt', prototxt, prototxt.name);
    const url = `${this.base}/documents`;
    if (!caffemodel) return send(url, 'POST', form, options);
    return this.give(caffemodel, options, (upload) => {
      form.set('upload', upload);
      return send(url, 'POST', form, { signal: options.signal });
    });
  }

  /**
   * @param {string} id @param {File} caffemodel @param {UploadOptions} options
   * @returns {Promise<unknown>}
   */
  putWeights(id, caffemodel, options = {}) {
    const path = `/documents/${encodeURIComponent(id)}/weights`;
    return this.give(caffemodel, options, (upload) => this.#json('PUT', path, { upload }, options.signal));
  }

  /**
   * Sends a large file so that it survives what happens on the way, then has it used. What does so is loaded when it is needed.
   * @template T
   * @param {File} file @param {UploadOptions} options @param {(upload: string) => Promise<T>} use
   * @returns {Promise<T>}
   */
  async give(file, options, use) {
    const { giveFile } = await import('./uploads.js');
    return giveFile(this.base, file, options, use);
  }

  /** @param {string} id @param {NetState | null} state @param {AbortSignal} [signal] @returns {Promise<Graph>} */
  async graph(id, state, signal) {
    const { query, read } = this.held.ask(id, stateQuery(state));
    return read(await this.#json('GET', `/documents/${encodeURIComponent(id)}/graph${query}`, undefined, signal));
  }

  /** @param {string} id @param {AbortSignal} [signal] @returns {Promise<string>} the prototxt's text */
  async source(id, signal) {
    const response = await request(`${this.base}/documents/${encodeURIComponent(id)}/source`, { signal });
    return response.text();
  }

  /**
   * The text with every byte accounted for: its BOM is kept, and `exact` is false where bytes are not UTF-8 and the
   * text is only to be read.
   * @param {string} id @returns {Promise<{revision: number, text: string, exact: boolean}>}
   */
  async exactSource(id) {
    const response = await request(`${this.base}/documents/${encodeURIComponent(id)}/source`, {});
    const revision = Number(/\d+/.exec(response.headers.get('ETag') ?? '')?.[0] ?? 0);
    const bytes = await response.arrayBuffer();
    try {
      return { revision, text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes), exact: true };
    } catch {
      return { revision, text: new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes), exact: false };
    }
  }

  /**
   * @param {string} id @param {number} baseRevision @param {Operation[]} operations @param {NetState | null} state
   * @returns {Promise<OperationResult>}
   */
  async operations(id, baseRevision, operations, state) {
    const { query, read } = this.held.ask(id, stateQuery(state));
    const path = `/documents/${encodeURIComponent(id)}/operations${query}`;
    const body = { base_revision: baseRevision, operations };
    // one key for all tries: what was saved, though its answer was lost, is not done twice
    const result = await insistently((key) => this.#json('POST', path, body, undefined, key));
    return { ...result, graph: read(result.graph) };
  }

  /**
   * @param {string} id @param {number} baseRevision @param {Operation[]} operations @param {NetState | null} state
   * @param {AbortSignal} [signal]
   * @returns {Promise<PreviewResult>} nothing is saved
   */
  preview(id, baseRevision, operations, state, signal) {
    const path = `/documents/${encodeURIComponent(id)}/preview${stateQuery(state)}`;
    return this.#json('POST', path, { base_revision: baseRevision, operations }, signal);
  }

  /**
   * Refused when the document is no longer at the revision whose step one saw.
   * @param {string} id @param {"undo" | "redo"} which @param {number} base @param {NetState | null} state
   * @returns {Promise<OperationResult>}
   */
  step(id, which, base, state) {
    const query = stateQuery(state);
    return this.#change('POST', id, which, `${query}${query ? '&' : '?'}base_revision=${base}`);
  }

  /**
   * Says what data sources hold, or which Caffe to judge by.
   * @param {string} id @param {PremisesChange} change @param {NetState | null} state
   * @returns {Promise<OperationResult>}
   */
  premises(id, change, state) {
    return this.#change('PATCH', id, 'premises', stateQuery(state), change);
  }

  /** @param {string} id @param {File} solver @param {NetState | null} state @returns {Promise<OperationResult>} */
  async putSolver(id, solver, state) {
    const form = new FormData();
    form.set('solver', solver, solver.name);
    const { query, read } = this.held.ask(id, stateQuery(state));
    const url = `${this.base}/documents/${encodeURIComponent(id)}/solver${query}`;
    const result = await (await request(url, { method: 'PUT', body: form })).json();
    return { ...result, graph: read(result.graph) };
  }

  /** @param {string} id @param {NetState | null} state @returns {Promise<OperationResult>} */
  removeSolver(id, state) {
    return this.#change('DELETE', id, 'solver', stateQuery(state));
  }

  /**
   * As many undos or redos as lead to a revision.
   * @param {string} id @param {number} revision @param {number | null} base null: from wherever the document is @param {NetState | null} state
   * @returns {Promise<OperationResult>}
   */
  goTo(id, revision, base, state) {
    return this.#change('POST', id, 'goto', stateQuery(state), { revision, base_revision: base });
  }

  /**
   * A request that changes a document and is answered with its graph.
   * @param {string} method @param {string} id @param {string} what @param {string} query @param {unknown} [body]
   * @returns {Promise<OperationResult>}
   */
  async #change(method, id, what, query, body) {
    const asked = this.held.ask(id, query);
    const result = await this.#json(method, `/documents/${encodeURIComponent(id)}/${what}${asked.query}`, body);
    return { ...result, graph: asked.read(result.graph) };
  }

  /** @returns {Promise<import("./schema.js").Schema>} */
  schema() {
    return this.#json('GET', '/schema');
  }

  /**
   * @param {string} id @param {readonly string[]} keys
   * @returns {Promise<{revision: number, layers: import("./schema.js").StatedLayer[]}>} what these layers state
   */
  layers(id, keys) {
    const query = new URLSearchParams(keys.map((key) => ['layer', key]));
    return this.#json('GET', `/documents/${encodeURIComponent(id)}/layers?${query}`);
  }

  /** @returns {Promise<CatalogueType[]>} */
  async catalogue() {
    const body = await this.#json('GET', '/catalogue');
    return Array.isArray(body) ? body : (body.types ?? body.layers);
  }

  /** @returns {Promise<Example[]>} */
  async examples() {
    const body = await this.#json('GET', '/examples');
    return Array.isArray(body) ? body : body.examples;
  }

  /** @param {string} id @param {"prototxt" | "caffemodel" | "zip"} kind */
  exportUrl(id, kind) {
    return `${this.base}/documents/${encodeURIComponent(id)}/export/${kind}`;
  }

  /**
   * @param {string} method @param {string} path @param {unknown} [body] @param {AbortSignal} [signal]
   * @param {string} [key] under which it is done once, however often it is asked for
   * @returns {Promise<any>}
   */
  async #json(method, path, body, signal, key) {
    /** @type {Record<string, string> | undefined} */
    const headers = body === undefined ? undefined : { 'Content-Type': 'application/json' };
    if (headers && key) headers['Idempotency-Key'] = key;
    const payload = body === undefined ? undefined : JSON.stringify(body);
    const response = await request(this.base + path, { method, headers, body: payload, signal });
    return response.status === 204 ? null : response.json();
  }
}

/** Milliseconds before an edit without an answer is asked for again. */
const PAUSES = [300, 1200];

/**
 * Asks again, under the same key, where it is not known what became of it: no answer, or one of a server or proxy that
 * could not do its work just now.
 * @template T @param {(key: string) => Promise<T>} ask @param {readonly number[]} [pauses] @returns {Promise<T>}
 */
export async function insistently(ask, pauses = PAUSES) {
  const key = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(18))));
  for (const pause of pauses) {
    try {
      return await ask(key);
    } catch (problem) {
      if (!(problem instanceof ApiProblem) || ![0, 502, 503, 504].includes(problem.status)) throw problem;
    }
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
  return ask(key);
}

/** @type {Map<string, Promise<Response>> | undefined} what early.js asked for as the page began to load; each is taken up once */
const asked = /** @type {any} */ (globalThis).netgraftEarly;

/** @param {string} url @param {RequestInit} options @returns {Promise<Response> | undefined} */
function early(url, { method = 'GET' }) {
  const answer = method === 'GET' ? asked?.get(url) : undefined;
  if (answer) asked?.delete(url);
  return answer;
}

/** Whoever changes something says who they are. @param {RequestInit} options @returns {RequestInit} */
function signed(options) {
  const { method = 'GET', headers } = options;
  return method === 'GET' ? options : { ...options, headers: { ...headers, ...who().headers } };
}

/** @param {string} url @param {RequestInit} options */
export async function request(url, options) {
  let response;
  try {
    response = await (early(url, options) ?? fetch(url, signed(options)));
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw new ApiProblem(0, messages.errors.unreachable);
  }
  if (!response.ok) throw problemFrom(response.status, await response.text());
  return response;
}

/**
 * An upload with its progress, which fetch cannot tell.
 * @param {string} url @param {string} method @param {FormData} body @param {UploadOptions} options
 * @returns {Promise<any>}
 */
export function send(url, method, body, { onProgress, signal }) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(method, url);
    for (const [name, value] of Object.entries(who().headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = (event) => event.lengthComputable && onProgress?.(event.loaded / event.total);
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) resolve(JSON.parse(request.responseText || 'null'));
      else reject(problemFrom(request.status, request.responseText));
    };
    request.onerror = () => reject(new ApiProblem(0, messages.errors.unreachable));
    request.onabort = () => reject(new DOMException(messages.errors.cancelled, 'AbortError'));
    signal?.addEventListener('abort', () => request.abort());
    request.send(body);
  });
}
