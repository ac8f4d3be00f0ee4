/**
 * How each net was looked at, kept in the browser: the switches of the view, where the camera was, what the list was
 * filtered by. The nets looked at last are remembered, the others forgotten.
 */

/** @import {Session} from "../api/session.js" */
/** @import {ViewSettings} from "../model/types.js" */

import { DEFAULT_VIEW } from '../model/view-settings.js';

/**
 * @typedef {{x: number, y: number, zoom: number}} Place
 * @typedef {{at: number, settings?: Record<string, unknown>, place?: Place, filter?: string}} Kept  at: when, ms
 * @typedef {{getItem(key: string): string | null, setItem(key: string, value: string): void}} Store
 */

const KEY = 'netgraft.views';
/** Nets that are remembered. */
export const MOST_NETS = 40;
const MOST_GROUPS = 400;
const MOST_FILTER = 200;
const DELAY = 250;

/** What of the view belongs to a net, with the values that are allowed. */
const SWITCHES = /** @type {const} */ ({
  fold: [true, false],
  direction: ['down', 'right'],
  shares: ['selected', 'all', 'off'],
  edgeLabels: ['hover', 'all'],
  colour: ['family', 'rate'],
  frames: [true, false],
  minimap: [true, false],
});

export class ViewMemory {
  /** @param {Store | null} store  null: nothing outlives the page */
  constructor(store) {
    this.store = store;
    /** @type {Map<string, Kept>} */
    this.nets = readAll(store);
  }

  /** @param {string} document @returns {{settings: Partial<ViewSettings>, place: Place | null}} */
  recall(document) {
    const kept = this.nets.get(document);
    return { settings: settingsFrom(kept?.settings), place: placeFrom(kept?.place) };
  }

  /** @param {string} document */
  filter(document) {
    const filter = this.nets.get(document)?.filter;
    return typeof filter === 'string' ? filter.slice(0, MOST_FILTER) : '';
  }

  /** @param {string} document @param {{settings?: Readonly<ViewSettings>, place?: Place, filter?: string}} what @param {number} [now]  ms */
  keep(document, what, now = Date.now()) {
    if (!document) return;
    /** @type {Kept} */
    const kept = { ...this.nets.get(document), at: now };
    if (what.settings) kept.settings = settingsTo(what.settings);
    if (what.place) kept.place = what.place;
    if (what.filter !== undefined) kept.filter = what.filter.slice(0, MOST_FILTER);
    this.nets.delete(document);
    this.nets.set(document, kept);
    const oldest = [...this.nets].sort(([, a], [, b]) => a.at - b.at).slice(0, Math.max(0, this.nets.size - MOST_NETS));
    for (const [id] of oldest) this.nets.delete(id);
    try {
      this.store?.setItem(KEY, JSON.stringify(Object.fromEntries(this.nets)));
    } catch {
      // storage is off or full: it lasts as long as the page
    }
  }
}

/** @param {Store | null} store @returns {Map<string, Kept>} */
function readAll(store) {
  try {
    const all = Object.entries(JSON.parse(store?.getItem(KEY) ?? '{}'));
    return new Map(all.filter(([, kept]) => typeof (/** @type {any} */ (kept)?.at) === 'number').map(([id, kept]) => [id, /** @type {Kept} */ (kept)]));
  } catch {
    return new Map(); // nothing kept, or nothing readable
  }
}

/** What differs from the view as it is found first. @param {Readonly<ViewSettings>} settings */
function settingsTo(settings) {
  const names = /** @type {(keyof typeof SWITCHES)[]} */ (Object.keys(SWITCHES)).filter((name) => settings[name] !== DEFAULT_VIEW[name]);
  /** @type {Record<string, unknown>} */
  const kept = Object.fromEntries(names.map((name) => [name, settings[name]]));
  if (settings.collapsed.size) kept.collapsed = [...settings.collapsed].slice(0, MOST_GROUPS);
  return kept;
}

/** All switches: as they were kept, or as they are found first. @param {Record<string, unknown> | undefined} kept @returns {Partial<ViewSettings>} */
function settingsFrom(kept) {
  const names = /** @type {(keyof typeof SWITCHES)[]} */ (Object.keys(SWITCHES));
  const fits = (/** @type {keyof typeof SWITCHES} */ name) => /** @type {readonly unknown[]} */ (SWITCHES[name]).includes(kept?.[name]);
  const collapsed = Array.isArray(kept?.collapsed) ? kept.collapsed.filter((one) => typeof one === 'string') : [];
  return { ...Object.fromEntries(names.map((name) => [name, fits(name) ? kept?.[name] : DEFAULT_VIEW[name]])), collapsed: new Set(collapsed) };
}

/** @param {unknown} kept @returns {Place | null} */
function placeFrom(kept) {
  const { x, y, zoom } = /** @type {Partial<Place>} */ (kept ?? {});
  const fine = Number.isFinite(x) && Number.isFinite(y) && typeof zoom === 'number' && zoom >= 1e-4 && zoom <= 3;
  return fine ? /** @type {Place} */ ({ x, y, zoom }) : null;
}

function browserStore() {
  try {
    return localStorage;
  } catch {
    return null; // forbidden by the browser's settings
  }
}

/** The browser's own. */
export const views = new ViewMemory(typeof localStorage === 'undefined' ? null : browserStore());

/** Nets open as they were left, from now on. @param {Session} session @param {EventTarget} canvas  where 'looked' comes by */
export function keepViews({ model }, canvas) {
  model.recall = (document) => views.recall(document);
  let timer = 0;
  /** @type {(() => void) | null} */
  let due = null;
  const flush = () => {
    clearTimeout(timer);
    due?.();
    due = null;
  };
  model.addEventListener('view', () => views.keep(model.graph.document, { settings: model.settings }));
  canvas.addEventListener('looked', (event) => {
    const { document } = model.graph;
    const { place } = /** @type {CustomEvent<{place: Place}>} */ (event).detail;
    clearTimeout(timer);
    due = () => views.keep(document, { place });
    timer = window.setTimeout(flush, DELAY);
  });
  addEventListener('pagehide', flush);
}

/** Whether the page came by being loaded again: it shows what it showed, wherever a layer that the address names is. */
export function wasReloaded() {
  const [entry] = performance.getEntriesByType('navigation');
  return /** @type {PerformanceNavigationTiming | undefined} */ (entry)?.type === 'reload';
}
