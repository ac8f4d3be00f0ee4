/** Which wires a net may get: no layer may feed itself, and a type takes only so many bottoms. Pure. */

/** @typedef {import('./graph-model.js').GraphModel} GraphModel */
/** @typedef {import('./types.js').LayerCard} LayerCard */
/** @typedef {import('./types.js').Edge} Edge */

import { reach } from './queries.js';

/** How many bottoms a layer may have, with the tops it has; an unknown type takes any number. @param {GraphModel} model @param {LayerCard} layer */
function mostBottoms(model, layer) {
  const type = model.catalogue.get(layer.type);
  if (type?.equal_counts) return Math.max(1, layer.tops.length);
  const range = type?.bottoms;
  return range ? (range.most ?? Infinity) : Infinity;
}

/** Bottoms that nobody makes. @param {GraphModel} model @param {LayerCard} layer */
export function openBottoms(model, layer) {
  const made = new Set(model.edgesIn(layer.key).map((edge) => edge.bottom));
  return layer.bottoms.map((_, i) => i).filter((i) => !made.has(i));
}

/** Whether there is a place for one bottom more. @param {GraphModel} model @param {LayerCard} layer */
export function takesMore(model, layer) {
  return layer.bottoms.length < mostBottoms(model, layer);
}

/**
 * Layers that may read a top: all that it does not come from. Who changes the blob in place counts with its maker.
 * @param {GraphModel} model @param {string} source @param {number} top
 * @returns {Set<string>}
 */
export function legalTargets(model, source, top) {
  const blob = model.layer(source)?.tops[top]?.name;
  if (blob === undefined) return new Set();
  const changers = new Set([source]);
  for (const edge of model.graph.edges) {
    const target = model.layer(edge.target);
    if (changers.has(edge.source) && edge.blob === blob && target?.tops[edge.bottom]?.name === blob) changers.add(edge.target);
  }
  const before = reach(model, changers, 'up');
  const found = new Set();
  for (const layer of model.graph.layers) {
    if (before.has(layer.key) || mostBottoms(model, layer) === 0) continue;
    const only = layer.bottoms.length === 1 && !takesMore(model, layer);
    if (only && model.edgesIn(layer.key)[0]?.blob === blob) continue;
    found.add(layer.key);
  }
  return found;
}

/**
 * Layers that a layer may read from: those that make something and do not come from it.
 * @param {GraphModel} model @param {string} target @returns {Set<string>}
 */
export function legalSources(model, target) {
  const after = reach(model, [target], 'down');
  const made = model.graph.layers.filter((layer) => layer.tops.length > 0 && !after.has(layer.key));
  return new Set(made.map((layer) => layer.key));
}

/**
 * The bottom that a wire dropped on a layer goes to: one that nobody makes, else a new one, else the nearest.
 * @param {GraphModel} model @param {LayerCard} layer @param {number} nearest  the bottom nearest to the pointer
 * @returns {number | null} null: the server chooses
 */
export function bottomFor(model, layer, nearest) {
  if (openBottoms(model, layer).length || takesMore(model, layer)) return null;
  return nearest;
}
