/** From the model to the layout's input, and what a new picture keeps of the one before. */

import { formatShape } from '../model/marks.js';
import { copies } from '../model/name-groups.js';
import { boxOf, cardFonts } from './card-boxes.js';
import { LABEL_MOST } from './edge-labels.js';
import { stubLength } from './pills.js';

/** @typedef {import('../model/graph-model.js').GraphModel} GraphModel */
/** @typedef {import('../model/types.js').LayerCard} LayerCard */
/** @typedef {import('../layout/types.js').LayoutInput} LayoutInput */
/** @typedef {import('../layout/types.js').LayoutHints} LayoutHints */
/** @typedef {import('./scene.js').Scene} Scene */

/** @param {GraphModel} model @param {import('./text.js').TextMeter} meter @param {import('./theme.js').Theme} theme */
export function arrange(model, meter, theme) {
  const fonts = cardFonts(theme);
  const set = model.cards;
  const boxes = set.cards.map((card) => boxOf(card, model, meter, fonts));
  const { direction, longEdge, edgeLabels } = model.settings;
  const named = edgeLabels === 'all' && direction === 'right';
  /** @type {LayoutInput} */
  const input = {
    widths: boxes.map((box) => box.width),
    heights: boxes.map((box) => box.height),
    sources: set.edges.map((edge) => edge.source),
    targets: set.edges.map((edge) => edge.target),
    ports: set.edges.map((edge) => portOf(model, edge)),
    direction,
    longEdge,
    stub: stubLength(direction),
    hints: null,
    clusters: clustersOf(model),
    labels: named ? set.edges.map((edge) => labelRoom(model, edge, (text) => meter.width(text, fonts.pill))) : null,
  };
  return { set, boxes, input };
}

/** Which copy of a part each card belongs to; null where there are none to be kept apart. @param {GraphModel} model */
function clustersOf(model) {
  const found = copies(model.graph);
  if (found.length < 2) return null;
  const clusters = new Int32Array(model.cards.cards.length).fill(-1);
  found.forEach(({ keys }, i) => {
    for (const key of keys) clusters[model.cards.cardOf.get(key) ?? -1] = i;
  });
  return clusters;
}

/** Whether two inputs ask for the same picture: most edits change no size and no edge. @param {LayoutInput} a @param {LayoutInput} b */
export function sameArrangement(a, b) {
  const equal = (/** @type {ArrayLike<number> | null | undefined} */ one, /** @type {ArrayLike<number> | null | undefined} */ other) => {
    if (!one || !other) return !one && !other;
    if (one.length !== other.length) return false;
    for (let i = 0; i < one.length; i++) if (one[i] !== other[i]) return false;
    return true;
  };
  const lists = /** @type {const} */ (['widths', 'heights', 'sources', 'targets', 'ports', 'labels', 'clusters']);
  const plain = /** @type {const} */ (['direction', 'longEdge', 'stub']);
  return plain.every((name) => a[name] === b[name]) && lists.every((name) => equal(a[name], b[name]));
}

/** Px along the flow that an edge's name needs beside its arrow. @param {GraphModel} model @param {import('../model/types.js').CardEdge} edge @param {(text: string) => number} width */
function labelRoom(model, edge, width) {
  const { source, top, blob } = model.graph.edges[edge.edge];
  const shape = formatShape(model.layer(source)?.tops[top]?.shape ?? null);
  return Math.min(LABEL_MOST, Math.max(width(blob), width(shape))) + 30;
}

/** One port a blob: the outputs of a group's layers are told apart too. @param {GraphModel} model @param {import('../model/types.js').CardEdge} edge */
function portOf(model, edge) {
  const { top, source } = model.graph.edges[edge.edge];
  const card = model.cards.cards[edge.source];
  return card.kind === 'group' ? card.rows.indexOf(source) * 16 + top : top;
}

/** What a name is without a few letters before or after it, the longest first. @param {string} name @returns {string[]} */
function within(name) {
  const found = [];
  for (let length = name.length - 1; length > 0; length--) {
    for (const [part, rest] of [[name.slice(0, length), name.slice(length)], [name.slice(-length), name.slice(0, -length)]]) {
      if (!/^\d+$/.test(rest)) found.push(part); // conv10 is no copy of conv1
    }
  }
  return found;
}

/**
 * For each card of the new picture its card in the old one, or -1: the same first layer, or the layer that it was
 * renamed from (its weights' origin, the name within its name, or the same place in the file).
 * @param {Scene} old @param {GraphModel} model
 * @returns {Int32Array}
 */
export function carryOver(old, model) {
  const now = model.cards.cards;
  const from = new Int32Array(now.length).fill(-1);
  /** @type {Map<string, number>} */
  const byKey = new Map();
  old.set.cards.forEach((card, i) => byKey.set(card.id, i));
  const free = new Set(byKey.values());
  const claim = (/** @type {number} */ i, /** @type {number | undefined} */ o) => {
    if (o === undefined || !free.has(o)) return;
    free.delete(o);
    from[i] = o;
  };
  now.forEach((card, i) => claim(i, byKey.get(card.id)));
  if (free.size === 0) return from;
  /** @type {Map<string, number>} */
  const byPlace = new Map();
  /** @type {Map<string, number>} */
  const byName = new Map();
  for (const o of free) {
    const layer = old.boxes[o].rows[0].layer;
    byPlace.set(`${layer.chunk} ${layer.type}`, o);
    byName.set(`${layer.name} ${layer.type}`, o);
  }
  const rest = (/** @type {(layer: LayerCard, i: number) => void} */ find) =>
    now.forEach((card, i) => from[i] === -1 && free.size > 0 && find(/** @type {LayerCard} */ (model.layer(card.rows[0])), i));
  rest(({ origin }, i) => origin !== null && claim(i, byKey.get(origin)));
  rest(({ name, type }, i) => {
    for (const part of within(name)) if (from[i] === -1) claim(i, byName.get(`${part} ${type}`));
  });
  // Last: an old file that was rewritten on the way has its layers at other places.
  rest(({ chunk, type }, i) => claim(i, byPlace.get(`${chunk} ${type}`)));
  return from;
}

/** @param {Scene} old @param {GraphModel} model @param {Int32Array} from @returns {LayoutHints} */
export function hintsFrom(old, model, from) {
  const down = old.direction === 'down';
  // Places as the layout gave them: what people moved is moved again afterwards.
  const { plain, boxes } = old;
  const across = down ? plain.x : plain.y;
  const start = (/** @type {number} */ o) => (down ? plain.y[o] - boxes[o].height / 2 : plain.x[o] - boxes[o].width / 2);
  /** @type {Map<string, number>} */
  const former = new Map();
  old.set.edges.forEach((edge, e) => former.set(`${edge.source} ${edge.target}`, e));
  return {
    cross: Float64Array.from(from, (o) => (o === -1 ? NaN : across[o])),
    starts: Float64Array.from(from, (o) => (o === -1 ? NaN : start(o))),
    bends: model.cards.edges.map((edge) => {
      const e = former.get(`${from[edge.source]} ${from[edge.target]}`);
      return e === undefined ? null : old.layout.bends[e];
    }),
  };
}
