/**
 * Positions along the rows. Fresh nets: each row is placed as near to its neighbours as the gaps allow (least squares,
 * exactly, by pooling), over and over down and up; then blocks are made straight and settle between their neighbours.
 * After an edit: what was there keeps its place, new nodes come next to what they are connected to and push others
 * aside only where there is no room.
 */

import { reaches } from './grid.js';

/** @typedef {import('./types.js').Grid} Grid */
/** @typedef {{block: Int32Array, members: number[][]}} Blocks */

export const NODE_GAP = 32;
const BEND_GAP = 18;
const LANE_GAP = 14;
const SWEEPS = 4;
const SETTLE = 12;
const STRAIGHT = 1000;

/** How little an edge counts that leads to a side branch: a loss on the way, an extra input. */
const ASIDE = 0.05;

/**
 * Weight of the edge u-v: small where v's branch is much shorter than what else hangs on u, or u's than what else
 * leads to v, so that the trunk of the net does not swerve for it.
 * @param {Grid} grid
 */
function edgeWeights(grid) {
  const { below, above } = reaches(grid);
  return (/** @type {number} */ u, /** @type {number} */ v) =>
    below[v] + 1 < (below[u] - 1) / 2 || above[u] + 1 < (above[v] - 1) / 2 ? ASIDE : 1;
}

/** @typedef {ReturnType<typeof edgeWeights>} EdgeWeights */

/** Least distance between the centres of two neighbours in a row. @param {Grid} grid @param {Float64Array} size @param {number} a @param {number} b */
function separation(grid, size, a, b) {
  const gap = a < grid.real ? (b < grid.real ? NODE_GAP : BEND_GAP) : b < grid.real ? BEND_GAP : LANE_GAP;
  return (size[a] + size[b]) / 2 + gap;
}

/**
 * @param {Grid} grid @param {Float64Array} size  extent of each node along its row @param {Blocks} blocks
 * @returns {Float64Array} centres
 */
export function placeFresh(grid, size, blocks) {
  const x = new Float64Array(grid.size);
  const weights = edgeWeights(grid);
  for (const row of grid.rows) centreRow(grid, size, row, x);
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    for (let r = 1; r < grid.rows.length; r++) pullRow(grid, size, blocks.block, grid.rows[r], true, weights, x);
    for (let r = grid.rows.length - 2; r >= 0; r--) pullRow(grid, size, blocks.block, grid.rows[r], false, weights, x);
  }
  const wish = blocks.members.map((list) => {
    let sum = 0;
    let weight = 0;
    for (const v of list) {
      const w = v < grid.real ? 4 : 1;
      sum += w * x[v];
      weight += w;
    }
    return sum / weight;
  });
  const placed = straightenCuts(grid, blocks.block, weights, settle(grid, size, blocks, wish, null));
  let left = Infinity;
  for (let v = 0; v < grid.size; v++) left = Math.min(left, placed[v] - size[v] / 2);
  return placed.map((value) => value - left);
}

/**
 * Where a row holds a single node, all below it can move as one without touching anything: it is moved so that the node
 * stands exactly amid its neighbours, which settling block by block reaches only slowly. Else deep nets lean.
 * @param {Grid} grid @param {Int32Array} block @param {EdgeWeights} weights @param {Float64Array} x
 */
function straightenCuts(grid, block, weights, x) {
  let shift = 0;
  for (let r = 1; r < grid.rows.length; r++) {
    const upper = grid.rows[r - 1];
    const lower = grid.rows[r];
    let sum = 0;
    let total = 0;
    if (upper.length === 1 || lower.length === 1) {
      let straight = false;
      for (const v of lower) {
        for (const u of grid.up[v]) {
          straight ||= block[u] === block[v];
          const w = weights(u, v);
          sum += w * (x[u] - shift - x[v]); // x[u] has its shift already, x[v] not
          total += w;
        }
      }
      if (straight) sum = 0;
    }
    if (total > 0) shift += sum / total;
    for (const v of lower) x[v] += shift;
  }
  return x;
}

/**
 * @param {Grid} grid @param {Float64Array} size @param {Blocks} blocks
 * @param {Float64Array} fixed  former centres, NaN for what is new
 * @param {Float64Array} estimate  where new nodes should come
 */
export function placeHinted(grid, size, blocks, fixed, estimate) {
  const stay = new Uint8Array(blocks.members.length);
  const wish = blocks.members.map((list, b) => {
    const old = list.filter((v) => !Number.isNaN(fixed[v]));
    const known = old.filter((v) => v < grid.real);
    const from = known.length > 0 ? known : old;
    if (from.length > 0) {
      stay[b] = 1;
      return from.reduce((sum, v) => sum + fixed[v], 0) / from.length;
    }
    return list.reduce((sum, v) => sum + estimate[v], 0) / list.length;
  });
  return settle(grid, size, blocks, wish, stay);
}

/** @param {Grid} grid @param {Float64Array} size @param {number[]} row @param {Float64Array} x */
function centreRow(grid, size, row, x) {
  let at = 0;
  for (let i = 0; i < row.length; i++) {
    if (i > 0) at += separation(grid, size, row[i - 1], row[i]);
    x[row[i]] = at;
  }
  for (const v of row) x[v] -= at / 2;
}

/**
 * Least-squares positions of one row under its gaps, given the neighbours on one side (pool adjacent violators).
 * @param {Grid} grid @param {Float64Array} size @param {Int32Array} block @param {number[]} row
 * @param {boolean} above  pulled by the row above, or below @param {EdgeWeights} weights @param {Float64Array} x
 */
function pullRow(grid, size, block, row, above, weights, x) {
  const side = above ? grid.up : grid.down;
  const wish = row.map((v) => pull(side, block, v, above, weights, x));
  if (row.length === 1) {
    x[row[0]] = wish[0].at; // alone in its row a node stands right amid its neighbours
    return;
  }
  for (const one of wish) one.weight ||= 0.1;
  const placed = pool(grid, size, row, wish);
  for (let i = 0; i < row.length; i++) x[row[i]] = placed[i];
}

/** Where its neighbours want a node, and how much; where it has none, it stays. @param {number[][]} side @param {Int32Array} block @param {number} v @param {boolean} above @param {EdgeWeights} weights @param {Float64Array} x */
function pull(side, block, v, above, weights, x) {
  let sum = 0;
  let total = 0;
  for (const u of side[v]) {
    const w = block[u] === block[v] ? STRAIGHT : above ? weights(u, v) : weights(v, u);
    sum += w * x[u];
    total += w;
  }
  return { at: total > 0 ? sum / total : x[v], weight: total };
}

/**
 * Least-squares positions of neighbours in a row: as near to their wishes as the gaps between them allow.
 * @param {Grid} grid @param {Float64Array} size @param {number[]} row @param {{at: number, weight: number}[]} wish
 */
function pool(grid, size, row, wish) {
  /** @type {{value: number, weight: number, count: number}[]} */
  const pools = [];
  const shift = new Float64Array(row.length);
  for (let i = 0; i < row.length; i++) {
    if (i > 0) shift[i] = shift[i - 1] + separation(grid, size, row[i - 1], row[i]);
    let next = { value: wish[i].at - shift[i], weight: wish[i].weight, count: 1 };
    for (let last = pools.at(-1); last && last.value >= next.value; last = pools.at(-1)) {
      pools.pop();
      const weight = last.weight + next.weight;
      next = { value: (last.value * last.weight + next.value * next.weight) / weight, weight, count: last.count + next.count };
    }
    pools.push(next);
  }
  let i = 0;
  for (const { value, count } of pools) for (const end = i + count; i < end; i++) shift[i] += value;
  return shift;
}

/**
 * Puts whole blocks where they wish, moved right where they would overlap, then lets them settle between neighbours.
 * @param {Grid} grid @param {Float64Array} size @param {Blocks} blocks @param {number[]} wish
 * @param {Uint8Array | null} stay  1: the block keeps to its wish; null: none does
 */
function settle(grid, size, blocks, wish, stay) {
  const { block, members } = blocks;
  const order = leftToRight(grid, blocks);
  const at = new Float64Array(members.length);
  const weights = edgeWeights(grid);
  const room = (/** @type {number} */ b, /** @type {1 | -1} */ side) => {
    let bound = side * Infinity;
    for (const v of members[b]) {
      const other = grid.rows[grid.rank[v]][grid.at[v] + side];
      if (other === undefined) continue;
      const edge = at[block[other]] - side * separation(grid, size, v, other);
      bound = side > 0 ? Math.min(bound, edge) : Math.max(bound, edge);
    }
    return bound;
  };
  for (const b of order) at[b] = Math.max(wish[b], room(b, -1));
  for (let pass = 0; pass < SETTLE; pass++) {
    let moved = 0;
    for (let i = 0; i < order.length; i++) {
      const b = order[pass % 2 === 0 ? order.length - 1 - i : i];
      const aim = stay?.[b] ? wish[b] : meanOfNeighbours(grid, blocks, weights, at, b).at;
      const next = Math.max(room(b, -1), Math.min(room(b, 1), aim));
      moved = Math.max(moved, Math.abs(next - at[b]));
      at[b] = next;
    }
    settleTogether(grid, size, blocks, weights, at, stay, room);
    if (moved < 0.25) break;
  }
  const x = new Float64Array(grid.size);
  for (let v = 0; v < grid.size; v++) x[v] = at[block[v]];
  return x;
}

/**
 * Blocks of one node that stand side by side settle together, which one at a time cannot: two inputs of a layer
 * come to stand on either side of it.
 * @param {Grid} grid @param {Float64Array} size @param {Blocks} blocks @param {EdgeWeights} weights @param {Float64Array} at
 * @param {Uint8Array | null} stay @param {(b: number, side: 1 | -1) => number} room
 */
function settleTogether(grid, size, { block, members }, weights, at, stay, room) {
  const free = (/** @type {number} */ v) => members[block[v]].length === 1 && !stay?.[block[v]];
  for (const row of grid.rows) {
    for (let i = 0; i < row.length; i++) {
      if (!free(row[i])) continue;
      const run = [row[i]];
      while (i + 1 < row.length && free(row[i + 1])) run.push(row[++i]);
      if (run.length < 2) continue;
      const wish = run.map((v) => meanOfNeighbours(grid, { block, members }, weights, at, block[v]));
      const placed = pool(grid, size, run, wish);
      let low = room(block[run[0]], -1);
      let high = room(block[run[run.length - 1]], 1);
      for (let k = run.length - 1; k > 0; k--) high -= separation(grid, size, run[k - 1], run[k]);
      run.forEach((v, k) => {
        if (k > 0) {
          const gap = separation(grid, size, run[k - 1], v);
          low += gap;
          high += gap;
        }
        at[block[v]] = Math.max(low, Math.min(high, placed[k]));
      });
    }
  }
}

/** @param {Grid} grid @param {Blocks} blocks @param {EdgeWeights} weights @param {Float64Array} at @param {number} b */
function meanOfNeighbours(grid, { block, members }, weights, at, b) {
  let sum = 0;
  let total = 0;
  for (const v of members[b]) {
    for (const side of [grid.up, grid.down]) {
      // Where the block goes on straight, what else hangs there must not pull it aside.
      const pull = side[v].some((u) => block[u] === b) ? ASIDE : 1;
      for (const u of side[v]) {
        if (block[u] === b) continue;
        const w = pull * (side === grid.up ? weights(u, v) : weights(v, u));
        sum += w * at[block[u]];
        total += w;
      }
    }
  }
  return total > 0 ? { at: sum / total, weight: total } : { at: at[b], weight: 0.1 };
}

/**
 * Blocks so that each comes after its left neighbours. Where blocks lie on both sides of each other, the block met
 * first is cut into its single nodes (`blocks` is changed).
 * @param {Grid} grid @param {Blocks} blocks
 */
function leftToRight(grid, blocks) {
  const { block, members } = blocks;
  for (;;) {
    const waiting = new Int32Array(members.length);
    for (const row of grid.rows) for (let i = 1; i < row.length; i++) waiting[block[row[i]]]++;
    /** @type {number[]} */
    const order = [];
    for (let b = 0; b < members.length; b++) if (waiting[b] === 0) order.push(b);
    for (let i = 0; i < order.length; i++) {
      for (const v of members[order[i]]) {
        const next = grid.rows[grid.rank[v]][grid.at[v] + 1];
        if (next !== undefined && --waiting[block[next]] === 0) order.push(block[next]);
      }
    }
    if (order.length === members.length) return order;
    const stuck = members.findIndex((list, b) => waiting[b] > 0 && list.length > 1);
    const [, ...rest] = members[stuck];
    members[stuck].length = 1;
    for (const v of rest) {
      block[v] = members.length;
      members.push([v]);
    }
  }
}
