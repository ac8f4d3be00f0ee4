/** What a layer's card says beside its name: problems, rates, sharing, weights. Data only; the canvas draws it. */

import { marks as t } from '../messages/canvas.js';

/** @typedef {import('./types.js').LayerCard} LayerCard */
/** @typedef {import('./types.js').ShareGroup} ShareGroup */

/**
 * @typedef {object} Mark
 * @property {'error' | 'warning' | 'frozen' | 'rate' | 'shared' | 'loads' | 'filler' | 'clash'} kind
 * @property {string} text  shown on the mark ('×10'), or ''
 * @property {string} says  the same for people: title and screen reader
 * @property {number} [colour]  of a share group: 1..8
 */

/**
 * @param {LayerCard} layer
 * @param {(group: string) => number} colourOf
 * @returns {Mark[]}
 */
export function marksOf(layer, colourOf) {
  /** @type {Mark[]} */
  const marks = [];
  const { error, warning } = layer.problems;
  if (error > 0) marks.push({ kind: 'error', text: '', says: t.errors(error) });
  else if (warning > 0) {
    marks.push({ kind: 'warning', text: '', says: t.warnings(warning) });
  }
  const rate = rateMark(layer);
  if (rate) marks.push(rate);
  const shared = layer.blobs.filter((blob) => blob.group !== null);
  if (shared.length > 0) {
    const group = /** @type {string} */ (shared[0].group);
    const names = shared.map((blob) => t.sharedAs(blob.role, blob.group)).join(', ');
    marks.push({ kind: 'shared', text: '', says: t.shares(names), colour: colourOf(group) });
  }
  if (layer.weights === 'loads') marks.push({ kind: 'loads', text: '', says: t.loads });
  else if (layer.weights === 'filler') marks.push({ kind: 'filler', text: '', says: t.filler });
  else if (layer.weights?.endsWith('clash')) marks.push({ kind: 'clash', text: '', says: t.clash });
  return marks;
}

/**
 * The rate that stands out: frozen, or the first blob's multiplier when it is not 1. Statistics of a BatchNorm are
 * never learned, so theirs says nothing.
 * @param {LayerCard} layer @returns {Mark | null}
 */
function rateMark(layer) {
  if (layer.type === 'BatchNorm' || layer.blobs.length === 0) return null;
  if (layer.blobs.every((blob) => blob.lr === 0)) return { kind: 'frozen', text: '', says: t.frozen };
  const [first] = layer.blobs;
  if (first.lr === 1) return null;
  const text = `×${formatRate(first.lr)}`;
  return { kind: 'rate', text, says: t.rate(text) };
}

/** A 32-bit float as people write it: 0.1, not 0.10000000149. @param {number} rate */
export function formatRate(rate) {
  return String(Number(rate.toPrecision(6)));
}

/**
 * Colours 1..8 for share groups: groups over the same layers (a weight and its bias) get the same one.
 * @param {readonly ShareGroup[]} groups
 * @returns {Map<string, number>}
 */
export function groupColours(groups) {
  /** @type {Map<string, number>} */
  const bySet = new Map();
  /** @type {Map<string, number>} */
  const colours = new Map();
  for (const group of groups) {
    const set = [...new Set(group.members.map((member) => member.layer))].sort().join('\n');
    if (!bySet.has(set)) bySet.set(set, (bySet.size % 8) + 1);
    colours.set(group.name, /** @type {number} */ (bySet.get(set)));
  }
  return colours;
}

/** '64×3×7×7'; '' where unknown; a blob without axes is one value. @param {readonly number[] | null} shape */
export function formatShape(shape) {
  if (!shape) return '';
  return shape.length === 0 ? 'scalar' : shape.join('×');
}
