/** What a good layout keeps, checked on its result; shared by the layout tests. */

import { GraphModel } from '../model/graph-model.js';

/** @typedef {import('../layout/types.js').LayoutInput} LayoutInput */
/** @typedef {import('../layout/types.js').LayoutResult} LayoutResult */

/**
 * A layout input for a graph, with cards about as large as those that are drawn.
 * @param {import('../model/types.js').Graph} graph @param {Partial<import('../model/types.js').ViewSettings>} [view]
 */
export function inputOf(graph, view = {}) {
  const model = new GraphModel(view);
  model.setGraph(graph);
  const { cards, edges } = model.cards;
  /** @type {LayoutInput} */
  const input = {
    widths: cards.map((card) => 168 + (card.title.length % 12) * 8),
    heights: cards.map((card) => 46 + 24 * (card.rows.length - 1) + 26),
    sources: edges.map((edge) => edge.source),
    targets: edges.map((edge) => edge.target),
    ports: edges.map((edge) => graph.edges[edge.edge].top),
    direction: model.settings.direction,
    longEdge: model.settings.longEdge,
    stub: 29,
    hints: null,
  };
  return { input, cards };
}

/** Pairs of nodes that overlap. @param {LayoutInput} input @param {LayoutResult} result */
export function overlaps({ widths, heights }, { x, y }) {
  const order = Array.from(x, (_, i) => i).sort((a, b) => y[a] - heights[a] / 2 - (y[b] - heights[b] / 2));
  const found = [];
  for (let i = 0; i < order.length; i++) {
    const a = order[i];
    for (let j = i + 1; j < order.length; j++) {
      const b = order[j];
      if (y[b] - heights[b] / 2 >= y[a] + heights[a] / 2) break;
      if (Math.abs(x[a] - x[b]) < (widths[a] + widths[b]) / 2) found.push([a, b]);
    }
  }
  return found;
}

/** Edges that do not run with the flow: knots must go on, from below their source to above their target. @param {LayoutInput} input @param {LayoutResult} result */
export function backward(input, { points, starts, stub }) {
  const along = input.direction === 'down' ? 1 : 0;
  const found = [];
  for (let e = 0; e < stub.length; e++) {
    if (stub[e]) continue;
    for (let k = starts[e] + 1; k < starts[e + 1]; k++) if (points[2 * k + along] < points[2 * k - 2 + along]) found.push(e);
  }
  return found;
}

/** Edges that pass through a node that is not theirs: S-curves stay between their knots, so straight runs decide. @param {LayoutInput} input @param {LayoutResult} result */
export function throughNodes({ widths, heights, sources, targets }, { x, y, points, starts, stub }) {
  const found = [];
  const SLAB = 400;
  /** @type {Map<number, number[]>} nodes by the slabs of y that they reach into */
  const slabs = new Map();
  for (let v = 0; v < x.length; v++) {
    for (let s = Math.floor((y[v] - heights[v] / 2) / SLAB); s <= Math.floor((y[v] + heights[v] / 2) / SLAB); s++) {
      slabs.set(s, [...(slabs.get(s) ?? []), v]);
    }
  }
  for (let e = 0; e < stub.length; e++) {
    if (stub[e]) continue;
    for (let k = starts[e] + 1; k < starts[e + 1]; k++) {
      const [ax, ay, bx, by] = points.slice(2 * k - 2, 2 * k + 2);
      const near = new Set();
      for (let s = Math.floor(Math.min(ay, by) / SLAB); s <= Math.floor(Math.max(ay, by) / SLAB); s++) {
        for (const v of slabs.get(s) ?? []) near.add(v);
      }
      for (const v of near) {
        if (v === sources[e] || v === targets[e]) continue;
        const inside =
          Math.min(ax, bx) < x[v] + widths[v] / 2 - 1 &&
          Math.max(ax, bx) > x[v] - widths[v] / 2 + 1 &&
          Math.min(ay, by) < y[v] + heights[v] / 2 - 1 &&
          Math.max(ay, by) > y[v] - heights[v] / 2 + 1;
        if (inside) found.push([e, v]);
      }
    }
  }
  return found;
}

/** Length of all drawn edges across the flow: how far they swing. @param {LayoutResult} result */
export function swing({ points, starts, stub }) {
  let total = 0;
  for (let e = 0; e < stub.length; e++) {
    for (let k = starts[e] + 1; k < starts[e + 1] && !stub[e]; k++) total += Math.abs(points[2 * k] - points[2 * k - 2]);
  }
  return total;
}

/** A graph made at random, the same for the same seed. @param {number} seed @param {number} count @returns {LayoutInput} */
export function randomInput(seed, count) {
  let state = seed * 2654435761;
  const next = () => {
    state = (Math.imul(state ^ (state >>> 15), 2246822519) + 374761393) >>> 0;
    return state / 2 ** 32;
  };
  const sources = [];
  const targets = [];
  for (let v = 1; v < count; v++) {
    const many = next() < 0.6 ? 1 : 1 + Math.floor(next() * 3);
    for (let i = 0; i < many; i++) {
      sources.push(Math.max(0, v - 1 - Math.floor(next() ** 3 * 14)));
      targets.push(v);
    }
  }
  return {
    widths: Array.from({ length: count }, () => 120 + Math.floor(next() * 140)),
    heights: Array.from({ length: count }, () => 46 + Math.floor(next() * 90)),
    sources,
    targets,
    ports: sources.map(() => Math.floor(next() * 2)),
    direction: 'down',
    longEdge: 6,
    stub: 29,
    hints: null,
  };
}
