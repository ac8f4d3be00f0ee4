/**
 * `<net-canvas>`: draws a GraphModel. Attributes: `compact` (a preview: no minimap, no controls, fits itself, selects
 * nothing).
 *
 * Events (bubbling, composed): 'layer-open' {key} on double click or Enter; 'context' {key | null, clientX, clientY};
 * 'drawn' after the first frame of a new graph or view; 'looked' {place} when the camera has moved.
 */

import { warmUp } from '../layout/client.js';
import { aimAt } from './drop.js';
import { buildFurniture } from './furniture.js';
import { exportPicture, pngScale } from './export.js';
import { hintsFor } from './hints.js';
import { handleKey } from './keys.js';
import { Minimap } from './minimap.js';
import { PointerControl } from './pointer.js';
import { ReaderTree } from './reader-tree.js';
import { sheet } from './styles.js';
import { CanvasView } from './view.js';

/** @typedef {import('../model/graph-model.js').GraphModel} GraphModel */

/** Px of the top that the page's switches lie over, beyond the margin that is left anyway. */
const HEAD = 20;

export class NetCanvas extends HTMLElement {
  /** @type {GraphModel | null} */
  #model = null;
  /** @type {CanvasView | null} */
  #view = null;
  /** @type {AbortController | null} */
  #listening = null;
  /** @type {ReturnType<typeof buildFurniture>} */
  #parts;
  /** @type {Minimap} */
  #map;
  #tree;
  /** @type {PointerControl | null} */
  #pointer = null;
  #treeTimer = 0;
  /** Where the camera was when it was told last. */
  #told = '';

  constructor() {
    super();
    const root = this.attachShadow({ mode: 'open' });
    root.adoptedStyleSheets = [sheet];
    this.#parts = buildFurniture(root);
    this.#map = new Minimap(this.#parts.map, (x, y) => this.#view?.centre(x, y));
    this.#tree = new ReaderTree(this.#parts.list);
  }

  connectedCallback() {
    warmUp();
    this.#connect();
  }

  disconnectedCallback() {
    this.#disconnect();
  }

  get model() {
    return this.#model;
  }

  set model(model) {
    if (model === this.#model) return;
    this.#disconnect();
    this.#model = model;
    if (this.isConnected) this.#connect();
  }

  get compact() {
    return this.hasAttribute('compact');
  }

  /** Shows the whole net, or only some of its layers. @param {Iterable<string>} [keys] */
  fit(keys) {
    this.#view?.fit(keys ? new Set(keys) : null);
  }

  /** The opening view. */
  home() {
    this.#view?.home(true);
  }

  /** Centres a layer at a readable zoom. @param {string} key */
  zoomTo(key) {
    this.#view?.zoomTo(key);
  }

  /** Moves the view only as far as needed to show these layers. @param {Iterable<string>} keys */
  reveal(keys) {
    this.#view?.reveal(keys, true);
  }

  /** About the middle of the view. @param {number} factor */
  zoomBy(factor) {
    this.#view?.zoomBy(factor);
  }

  /** Places everything anew, forgetting where it was and where it was moved to. */
  tidy() {
    const model = this.#model;
    if (model?.moves[model.settings.direction].size) {
      model.setMoves(model.settings.direction, new Map());
      this.#rearranged();
    }
    void this.#view?.layOut(false);
  }

  /** Puts a layer's card near a point. @param {string} key @param {number} x @param {number} y  world */
  put(key, x, y) {
    return this.#view?.put(key, x, y);
  }

  #rearranged() {
    this.dispatchEvent(new CustomEvent('moved', { bubbles: true, composed: true }));
  }

  /** Where a layer is drawn, in client coordinates; null when it is not in the graph. @param {string} key */
  clientRectOf(key) {
    return this.#view?.clientRectOf(key) ?? null;
  }

  /**
   * What something dragged there would fall on, lit up; null outside the canvas.
   * @param {number} clientX @param {number} clientY @param {string} text  said at an edge
   * @param {{edge: boolean, layer: boolean}} [takes]  what it may fall on
   * @returns {import('./drop.js').Drop | null}
   */
  aim(clientX, clientY, text, takes = { edge: true, layer: true }) {
    return this.#view ? aimAt(this.#view, this.#parts.scene, clientX, clientY, text, takes) : null;
  }

  /** Nothing is dragged any more. */
  unaim() {
    this.#view?.point(null);
  }

  /** The whole net, or some layers' cards, as a picture. @param {'png' | 'svg'} format @param {ReadonlySet<string> | null} [keys] @returns {Promise<Blob>} */
  exportPicture(format, keys = null) {
    return this.#view ? exportPicture(this.#view, format, keys) : Promise.reject(new Error('no net is shown'));
  }

  /** How large a PNG would be drawn: 1 is the screen's size. @param {ReadonlySet<string> | null} keys */
  pngScale(keys) {
    return this.#view ? pngScale(this.#view, keys) : 1;
  }

  /** @override */
  focus() {
    this.#parts.list.focus({ preventScroll: true });
  }

  #disconnect() {
    this.#listening?.abort();
    this.#listening = null;
    this.#view?.stop();
    this.#view = null;
    clearTimeout(this.#treeTimer);
  }

  #connect() {
    const model = this.#model;
    if (!model || this.#view) return;
    const { scene, list } = this.#parts;
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    const view = new CanvasView(model, scene, {
      drawn: () => this.dispatchEvent(new CustomEvent('drawn', { bubbles: true, composed: true })),
      moved: () => this.#followCamera(),
      rearranged: () => this.#rearranged(),
      scene: () => this.#followScene(),
      focus: () => this.focus(),
      say: (text) => this.#parts.say(text),
      tip: (text, x, y) => this.#parts.showTip(text, x, y),
      hush: () => this.#parts.hush(),
    });
    view.compact = this.compact;
    this.#view = view;
    const pointer = (this.#pointer ??= new PointerControl(view, scene, this));
    pointer.view = view;
    this.#listenToModel(model, view, signal);
    this.#listenToKeys(list, view, pointer, signal);
    this.#parts.onTool((name) => this.#tool(name, view));
    const resized = new ResizeObserver(() => {
      this.#resize(view);
      if (view.scene && !this.compact) this.#followScene();
    });
    resized.observe(this);
    signal.addEventListener('abort', () => resized.disconnect());
    this.#watchRatio(view, signal);
    const retheme = () => {
      view.refreshTheme();
      this.#followScene();
    };
    document.addEventListener('ng-theme', retheme, { signal });
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', retheme, { signal });
    if (model.graph.layers.length > 0) void view.layOut(false);
    this.#tree.update(model);
  }

  /** @param {CanvasView} view */
  #resize(view) {
    const covered = this.compact ? { head: 0, foot: 0 } : { head: HEAD, foot: this.#parts.footHeight() };
    view.resize(this.clientWidth, this.clientHeight, devicePixelRatio, covered);
  }

  /** The page was moved to a screen of another density, or zoomed. @param {CanvasView} view @param {AbortSignal} signal */
  #watchRatio(view, signal) {
    const query = matchMedia(`(resolution: ${devicePixelRatio}dppx)`);
    const changed = () => {
      this.#resize(view);
      this.#followScene();
      this.#watchRatio(view, signal);
    };
    query.addEventListener('change', changed, { once: true, signal });
  }

  /** @param {GraphModel} model @param {CanvasView} view @param {AbortSignal} signal */
  #listenToModel(model, view, signal) {
    model.addEventListener('graph', () => void view.layOut(true), { signal });
    model.addEventListener('selection', () => {
      view.restress();
      this.#updateTree(model);
    }, { signal });
    model.addEventListener('moves', () => view.replace(), { signal });
    model.addEventListener('people', () => view.invalidate(), { signal });
    model.addEventListener('hover', () => view.restress(), { signal });
    model.addEventListener('view', (event) => {
      const { changed } = /** @type {CustomEvent<{changed: string[]}>} */ (event).detail;
      const named = changed.includes('edgeLabels') && model.settings.direction === 'right';
      const reshapes = named || ['fold', 'direction', 'collapsed', 'longEdge'].some((name) => changed.includes(name));
      if (reshapes) void view.layOut(false);
      else view.restress();
      if (changed.includes('minimap')) this.#followScene();
    }, { signal });
  }

  /** @param {HTMLElement} list @param {CanvasView} view @param {PointerControl} pointer @param {AbortSignal} signal */
  #listenToKeys(list, view, pointer, signal) {
    addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || !pointer.abandon()) return;
      event.preventDefault();
      event.stopPropagation();
    }, { signal, capture: true });
    list.addEventListener('keydown', (event) => {
      if (event.key === ' ') {
        pointer.holdSpace(true);
        event.preventDefault();
        return;
      }
      if (!handleKey(event, view, this)) return;
      view.keyboard = true;
      view.invalidate();
      event.preventDefault();
      event.stopPropagation();
    }, { signal });
    list.addEventListener('keyup', (event) => event.key === ' ' && pointer.holdSpace(false), { signal });
    list.addEventListener('blur', () => {
      pointer.holdSpace(false);
      view.keyboard = false;
      view.invalidate();
    }, { signal });
    list.addEventListener('focus', () => {
      view.keyboard = list.matches(':focus-visible');
      view.invalidate();
    }, { signal });
    list.addEventListener('click', (event) => {
      const key = event.target instanceof HTMLElement ? event.target.dataset.key : undefined;
      if (key !== undefined) view.model.selection.set([key]);
    }, { signal });
  }

  /** @param {string} name @param {CanvasView} view */
  #tool(name, view) {
    if (name === 'in') view.zoomBy(1.25);
    else if (name === 'out') view.zoomBy(0.8);
    else if (name === 'actual') view.zoomBy(1 / view.camera.zoom);
    else if (name === 'fit') view.fit();
    else if (name === 'tidy') this.tidy();
    else if (name === 'fold') view.model.setView({ fold: !view.model.settings.fold });
    else if (name === 'box') view.model.setView({ drag: view.model.settings.drag === 'select' ? 'pan' : 'select' });
    else if (name === 'lasso') view.model.setView({ drag: view.model.settings.drag === 'lasso' ? 'pan' : 'lasso' });
    this.#followCamera();
  }

  /** The list for screen readers may come a moment later than the picture. @param {GraphModel} model */
  #updateTree(model) {
    clearTimeout(this.#treeTimer);
    this.#treeTimer = window.setTimeout(() => this.#tree.update(model), 0);
  }

  #followCamera() {
    const view = this.#view;
    if (!view) return;
    const { settings, selection } = view.model;
    this.#tellPlace(view);
    if (!this.compact) {
      this.#parts.showHints(hintsFor(view));
      this.#parts.makeRoom((left, top, width, height) => view.coversCards(left, top, width, height));
    }
    this.#parts.showState(view.camera.zoom, settings.fold, settings.drag);
    if (!this.#parts.map.hidden) this.#map.draw(view.camera, view.theme, (key) => selection.has(key), selection.size, view.model.people);
  }

  /** @param {CanvasView} view */
  #tellPlace(view) {
    if (this.compact || !view.touched || view.flight) return;
    const place = view.camera.place();
    const now = `${place.x} ${place.y} ${place.zoom}`;
    if (now === this.#told) return;
    this.#told = now;
    this.dispatchEvent(new CustomEvent('looked', { detail: { place }, bubbles: true, composed: true }));
  }

  #followScene() {
    const view = this.#view;
    if (!view?.scene) return;
    const { bounds } = view.scene;
    const { width, height } = view.camera;
    const small = bounds.maxX - bounds.minX < width && bounds.maxY - bounds.minY < height;
    this.#parts.map.hidden = this.compact || !view.model.settings.minimap || small;
    if (!this.#parts.map.hidden) this.#map.setScene(view.scene, view.theme, view.ratio, { width, height });
    view.camera.corner = this.#parts.map.hidden ? { width: 0, height: 0 } : this.#map.corner();
    this.#updateTree(view.model);
    this.#followCamera();
  }
}

if (!customElements.get('net-canvas')) customElements.define('net-canvas', NetCanvas);
