/**
 * Which layers are drawn as one card. In-place layers stack on their host, and so do unbranched runs such as
 * Convolution, BatchNorm, Scale, ReLU; layers of a collapsed group become one card.
 */

import { groupMembers, groupTitle, outerFirst } from './name-groups.js';

/** @typedef {import('./types.js').Card} Card */
/** @typedef {import('./types.js').CardEdge} CardEdge */
/** @typedef {import('./types.js').CardSet} CardSet */
/** @typedef {import('./types.js').Edge} Edge */
/** @typedef {import('./types.js').LayerCard} LayerCard */

/** Types that join the card above them though they are not in-place. */
const FOLLOWERS = new Set(['BatchNorm', 'Scale', 'Bias', 'Dropout', 'BN', 'Bnorm']);

/**
 * @param {import('./graph-model.js').GraphModel} model
 * @param {import('./types.js').ViewSettings} settings
 * @returns {CardSet}
 */
export function buildCards(model, settings) {
  const { layers, edges } = model.graph;
  /** @type {Map<string, number>} */
  const cardOf = new Map();
  /** @type {Card[]} */
  const cards = [];
  for (const pattern of outerFirst(settings.collapsed)) {
    const rows = groupMembers(model.graph, pattern).filter((key) => !cardOf.has(key));
    if (rows.length < 2) continue;
    for (const key of rows) cardOf.set(key, cards.length);
    cards.push({ id: pattern, kind: 'group', rows, title: groupTitle(pattern, model.layer(rows[0])?.name ?? '') });
  }
  for (const layer of layers) {
    if (cardOf.has(layer.key)) continue;
    const host = settings.fold ? hostOf(model, layer) : null;
    const index = host === null ? undefined : cardOf.get(host.key);
    const card = index === undefined ? undefined : cards[index];
    if (index !== undefined && card && card.kind !== 'group') {
      card.rows.push(layer.key);
      card.kind = 'chain';
      cardOf.set(layer.key, index);
    } else {
      cardOf.set(layer.key, cards.length);
      cards.push({ id: layer.key, kind: 'layer', rows: [layer.key], title: layer.name });
    }
  }
  return { cards, edges: edgesBetween(edges, cards, cardOf), cardOf };
}

/**
 * The layer on whose card this one stacks: its only producer, when it is that one's only reader.
 * @param {import('./graph-model.js').GraphModel} model @param {LayerCard} layer
 * @returns {LayerCard | null}
 */
function hostOf(model, layer) {
  if (!layer.in_place && layer.family !== 'activation' && !FOLLOWERS.has(layer.type)) return null;
  const [edge, ...others] = model.edgesIn(layer.key);
  if (!edge || others.length > 0 || layer.tops.length > 1) return null;
  const host = model.layer(edge.source);
  if (!host || host.tops.length > 1 || model.edgesOut(host.key).length !== 1) return null;
  if (host.family === 'data' && !layer.in_place) return null;
  return sameLife(host, layer) ? host : null;
}

/** @param {LayerCard} a @param {LayerCard} b */
function sameLife(a, b) {
  return a.active === b.active && a.phases.length === b.phases.length && a.phases.every((p) => b.phases.includes(p));
}

/** @param {Edge[]} edges @param {Card[]} cards @param {Map<string, number>} cardOf @returns {CardEdge[]} */
function edgesBetween(edges, cards, cardOf) {
  /** @type {CardEdge[]} */
  const found = [];
  /** @type {Map<string, CardEdge>} */
  const intoGroups = new Map();
  edges.forEach((edge, index) => {
    const source = cardOf.get(edge.source);
    const target = cardOf.get(edge.target);
    if (source === undefined || target === undefined || source === target) return;
    const id = `${edge.source}\n${edge.top}\n${target}`;
    const twin = intoGroups.get(id);
    if (twin) {
      twin.also.push(index);
      return;
    }
    const made = { source, target, edge: index, also: [] };
    found.push(made);
    if (cards[target].kind === 'group') intoGroups.set(id, made);
  });
  return found;
}
