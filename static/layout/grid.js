/** The layered graph: edges over several rows get a bend in every row between, long ones leave the picture as stubs. */

import { assignRanks } from './ranks.js';

/** @typedef {import('./types.js').Grid} Grid */
/** @typedef {import('./types.js').LayoutInput} LayoutInput */

/**
 * @param {LayoutInput} input
 * @returns {{grid: Grid, stub: Uint8Array, reversed: Uint8Array}}
 */
export function buildGrid(input) {
  const { sources, targets, longEdge } = input;
  const real = input.widths.length;
  const { rank, reversed } = assignRanks(real, sources, targets);
  const stub = new Uint8Array(sources.length);
  /** @type {number[]} */
  const ranks = Array.from(rank);
  /** @type {number[][]} */
  const up = ranks.map(() => []);
  /** @type {number[][]} */
  const down = ranks.map(() => []);
  const chains = /** @type {number[][]} */ (Array.from({ length: sources.length }, () => []));
  for (const e of byTarget(sources.length, targets)) {
    if (sources[e] === targets[e]) {
      stub[e] = 1;
      continue;
    }
    const from = reversed[e] ? targets[e] : sources[e];
    const to = reversed[e] ? sources[e] : targets[e];
    if (rank[to] - rank[from] > longEdge) {
      stub[e] = 1;
      continue;
    }
    let last = from;
    for (let r = rank[from] + 1; r < rank[to]; r++) {
      const bend = ranks.length;
      ranks.push(r);
      up.push([last]);
      down.push([]);
      down[last].push(bend);
      chains[e].push(bend);
      last = bend;
    }
    down[last].push(to);
    up[to].push(last);
  }
  const grid = { real, size: ranks.length, rank: Int32Array.from(ranks), rows: [], at: new Int32Array(ranks.length), up, down, chains };
  firstOrder(grid);
  return { grid, stub, reversed };
}

/** Readers that come first in the file first, so that a shortcut lies beyond the branch it skips. @param {number} count @param {ArrayLike<number>} targets */
function byTarget(count, targets) {
  return Array.from({ length: count }, (_, e) => e).sort((a, b) => targets[a] - targets[b] || a - b);
}

/** Rows as a depth-first walk in file order meets the nodes: a branch stays together. @param {Grid} grid */
function firstOrder(grid) {
  let rows = 0;
  for (const r of grid.rank) rows = Math.max(rows, r + 1);
  grid.rows = Array.from({ length: rows }, () => []);
  const seen = new Uint8Array(grid.size);
  for (let root = 0; root < grid.real; root++) {
    if (seen[root] || grid.up[root].length > 0) continue;
    const stack = [root];
    while (stack.length > 0) {
      const v = /** @type {number} */ (stack.pop());
      if (seen[v]) continue;
      seen[v] = 1;
      grid.rows[grid.rank[v]].push(v);
      for (let i = grid.down[v].length - 1; i >= 0; i--) stack.push(grid.down[v][i]);
    }
  }
  renumber(grid);
}

/** @param {Grid} grid */
export function renumber(grid) {
  for (const row of grid.rows) for (let i = 0; i < row.length; i++) grid.at[row[i]] = i;
}

/** @type {WeakMap<Grid, {below: Int32Array, above: Int32Array}>} */
const known = new WeakMap();

/**
 * The most layers that any way from a node meets, itself included: to an end below, and to a beginning above. Worked out
 * once a grid: order within rows changes nothing.
 * @param {Grid} grid
 */
export function reaches(grid) {
  let found = known.get(grid);
  if (!found) known.set(grid, (found = workOutReaches(grid)));
  return found;
}

/** @param {Grid} grid */
function workOutReaches(grid) {
  const below = new Int32Array(grid.size);
  const above = new Int32Array(grid.size);
  for (let r = grid.rows.length - 1; r >= 0; r--) {
    for (const v of grid.rows[r]) {
      for (const w of grid.down[v]) below[v] = Math.max(below[v], below[w]);
      if (v < grid.real) below[v]++;
    }
  }
  for (const row of grid.rows) {
    for (const v of row) {
      for (const u of grid.up[v]) above[v] = Math.max(above[v], above[u]);
      if (v < grid.real) above[v]++;
    }
  }
  return { below, above };
}
