/**
 * New parts of a net: several new layers that hang together, a twin for one. Such a part is laid out by itself and comes
 * as a whole to where there is room for it, at the right of what stands there: a copy stays a copy to look at, and nothing
 * has to move for it.
 */

import { alignBlocks } from './blocks.js';
import { renumber } from './grid.js';
import { orderRows } from './order.js';
import { NODE_GAP, placeFresh } from './place.js';

/** @typedef {import('./types.js').Grid} Grid */
/** @typedef {{nodes: number[], bends: number[]}} Part */

/** Beside other layers there is room for a frame around the part, and around what stands there. */
const GAP = 48;
/** Rounds in which layers push each other aside: those that became wider, and what stands in line with them. */
const PUSHES = 3;

/**
 * Gives the nodes of new parts their places.
 * @param {Grid} grid @param {Float64Array} size  extent of each node along its row
 * @param {Float64Array} fixed  former centres, NaN for what is new; those of parts are set
 */
export function placeParts(grid, size, fixed) {
  const parts = partsOf(grid, fixed);
  if (parts.length === 0) return;
  const standing = pushedAside(grid, size, fixed);
  for (const part of parts) {
    const inner = arrangeAlone(grid, size, part);
    const wish = wishOf(grid, fixed, part, inner);
    const shift = wish + roomAt(grid, size, standing, inner, wish);
    inner.forEach((x, v) => (fixed[v] = standing[v] = x + shift));
  }
}

/**
 * Where the old layers will come to stand: copies' names are longer, and their cards wider.
 * @param {Grid} grid @param {Float64Array} size @param {Float64Array} fixed
 */
function pushedAside(grid, size, fixed) {
  const x = Float64Array.from(fixed);
  for (let round = 0; round < PUSHES; round++) {
    for (const row of grid.rows) {
      const old = row.filter((v) => v < grid.real && !Number.isNaN(x[v])).sort((a, b) => x[a] - x[b]);
      for (let i = 1; i < old.length; i++) x[old[i]] = Math.max(x[old[i]], x[old[i - 1]] + (size[old[i - 1]] + size[old[i]]) / 2 + NODE_GAP);
    }
    for (let u = 0; u < grid.real; u++) {
      for (const v of grid.down[u]) if (Math.abs(fixed[u] - fixed[v]) < 0.5) x[u] = x[v] = Math.max(x[u], x[v]);
    }
  }
  return x;
}

/** The layers at the other ends of a node's edges on one side. @param {Grid} grid @param {number} v @param {number[][]} side */
function ends(grid, v, side) {
  return side[v].map((u) => {
    while (u >= grid.real) [u] = side[u];
    return u;
  });
}

/**
 * New layers that hang together, two or more of them. What joins new and old is of no part: it stands amid both.
 * @param {Grid} grid @param {Float64Array} fixed @returns {Part[]}
 */
function partsOf(grid, fixed) {
  const fresh = (/** @type {number} */ v) => Number.isNaN(fixed[v]);
  const mixed = (/** @type {number[]} */ list) => list.some(fresh) && !list.every(fresh);
  const open = new Uint8Array(grid.real);
  for (let v = 0; v < grid.real; v++) open[v] = fresh(v) && !mixed(ends(grid, v, grid.up)) && !mixed(ends(grid, v, grid.down)) ? 1 : 0;
  /** @type {Part[]} */
  const parts = [];
  for (let v = 0; v < grid.real; v++) {
    if (!open[v]) continue;
    open[v] = 0;
    const nodes = [v];
    for (let i = 0; i < nodes.length; i++) {
      for (const u of [...ends(grid, nodes[i], grid.up), ...ends(grid, nodes[i], grid.down)]) {
        if (!open[u]) continue;
        open[u] = 0;
        nodes.push(u);
      }
    }
    if (nodes.length > 1) parts.push({ nodes: nodes.sort((a, b) => a - b), bends: bendsWithin(grid, nodes) });
  }
  return parts;
}

/** Bends of edges from one of these layers to another. @param {Grid} grid @param {number[]} nodes */
function bendsWithin(grid, nodes) {
  const inside = new Set(nodes);
  return nodes.flatMap((v) =>
    grid.down[v].flatMap((first) => {
      const chain = [];
      let w = first;
      for (; w >= grid.real; [w] = grid.down[w]) chain.push(w);
      return inside.has(w) ? chain : [];
    }),
  );
}

/** The part as if it were a net of its own. @param {Grid} grid @param {Float64Array} size @param {Part} part @returns {Map<number, number>} centres */
function arrangeAlone(grid, size, { nodes, bends }) {
  const all = [...nodes, ...bends];
  const index = new Map(all.map((v, i) => [v, i]));
  const within = (/** @type {number[]} */ list) => list.flatMap((u) => index.get(u) ?? []);
  const top = all.reduce((least, v) => Math.min(least, grid.rank[v]), Infinity);
  /** @type {number[][]} */
  const rows = [];
  for (const v of all) (rows[grid.rank[v] - top] ??= []).push(v);
  /** @type {Grid} */
  const alone = {
    real: nodes.length,
    size: all.length,
    rank: Int32Array.from(all, (v) => grid.rank[v] - top),
    rows: Array.from(rows, (row = []) => row.sort((a, b) => grid.at[a] - grid.at[b]).map((v) => /** @type {number} */ (index.get(v)))),
    at: new Int32Array(all.length),
    up: all.map((v) => within(grid.up[v])),
    down: all.map((v) => within(grid.down[v])),
    chains: [],
  };
  renumber(alone);
  orderRows(alone);
  const x = placeFresh(alone, Float64Array.from(all, (v) => size[v]), alignBlocks(alone));
  return new Map(all.map((v, i) => [v, x[i]]));
}

/**
 * How far the part is to be moved to stand amid what it hangs on, but to the right of those that read just what it reads: its
 * originals. Where it hangs on nothing, beside all.
 * @param {Grid} grid @param {Float64Array} fixed @param {Part} part @param {Map<number, number>} inner
 */
function wishOf(grid, fixed, { nodes }, inner) {
  let [sum, count, least] = [0, 0, -Infinity];
  for (const v of nodes) {
    const above = ends(grid, v, grid.up);
    for (const u of [...above, ...ends(grid, v, grid.down)]) {
      if (inner.has(u) || Number.isNaN(fixed[u])) continue;
      sum += fixed[u] - /** @type {number} */ (inner.get(v));
      count++;
    }
    for (const w of originals(grid, above, v)) {
      if (!inner.has(w) && !Number.isNaN(fixed[w])) least = Math.max(least, fixed[w] + 1 - /** @type {number} */ (inner.get(v)));
    }
  }
  if (count > 0) return Math.max(sum / count, least);
  let right = 0;
  for (const x of fixed) if (x > right) right = x;
  return right + 1;
}

/** Others in the row that read just these. @param {Grid} grid @param {number[]} above @param {number} v */
function originals(grid, above, v) {
  if (above.length === 0) return [];
  const read = above.toSorted((a, b) => a - b).join();
  const readers = ends(grid, above[0], grid.down);
  return readers.filter((w) => w !== v && grid.rank[w] === grid.rank[v] && ends(grid, w, grid.up).sort((a, b) => a - b).join() === read);
}

/**
 * How far to the right of its wish the part finds its rows free over all its width, so that a frame fits around it.
 * @param {Grid} grid @param {Float64Array} size @param {Float64Array} standing @param {Map<number, number>} inner @param {number} wish
 */
function roomAt(grid, size, standing, inner, wish) {
  let [left, right] = [Infinity, -Infinity];
  const rows = new Set();
  inner.forEach((x, v) => {
    left = Math.min(left, x + wish - size[v] / 2 - GAP);
    right = Math.max(right, x + wish + size[v] / 2 + GAP);
    rows.add(grid.rank[v]);
  });
  /** @type {{from: number, to: number}[]} shifts at which something stands in the way */
  const taken = [];
  for (const r of rows) {
    for (const v of grid.rows[r]) {
      if (!Number.isNaN(standing[v])) taken.push({ from: standing[v] - size[v] / 2 - right, to: standing[v] + size[v] / 2 - left });
    }
  }
  taken.sort((a, b) => a.from - b.from);
  let shift = 0;
  for (const { from, to } of taken) if (from < shift && to > shift) shift = to;
  return shift;
}
