/**
 * Blocks: runs of nodes over consecutive rows that stand exactly below each other. A net's trunk stays straight past
 * its shortcuts, a long edge runs straight, and a fork into equals (an inception module) has no straight branch, so
 * that it can be centred.
 */

import { reaches } from './grid.js';

/** @typedef {import('./types.js').Grid} Grid */
/** @typedef {ReturnType<typeof reaches>} Reaches */

/** A branch that goes so many layers deeper than the others is the trunk, whatever they look like. */
const TRUNK_LEAD = 3;

/**
 * @param {Grid} grid
 * @param {ArrayLike<number> | null} [fixed]  former positions (NaN: none): two nodes that stood apart are not aligned
 * @returns {{block: Int32Array, members: number[][]}}
 */
export function alignBlocks(grid, fixed = null) {
  const upTo = new Int32Array(grid.size).fill(-1);
  const downTo = new Int32Array(grid.size).fill(-1);
  const reach = reaches(grid);
  for (let r = 0; r + 1 < grid.rows.length; r++) {
    /** @type {{u: number, v: number, weight: number}[]} */
    const pairs = [];
    for (const u of grid.rows[r]) {
      for (const v of grid.down[u]) {
        if (!wanted(grid, reach, u, v)) continue;
        if (fixed && Math.abs(fixed[u] - fixed[v]) > 0.5) continue;
        pairs.push({ u, v, weight: (u < grid.real ? 1 : 0) + (v < grid.real ? 1 : 0) });
      }
    }
    for (const { u, v } of withoutCrossings(grid, pairs)) {
      downTo[u] = v;
      upTo[v] = u;
    }
  }
  const block = new Int32Array(grid.size).fill(-1);
  /** @type {number[][]} */
  const members = [];
  for (const row of grid.rows) {
    for (const v of row) {
      if (upTo[v] !== -1) continue;
      const list = [];
      for (let w = v; w !== -1; w = downTo[w]) {
        block[w] = members.length;
        list.push(w);
      }
      members.push(list);
    }
  }
  return { block, members };
}

/** Both ends take each other for the natural continuation. @param {Grid} grid @param {Reaches} reach @param {number} u @param {number} v */
function wanted(grid, { below, above }, u, v) {
  const uReal = u < grid.real;
  const vReal = v < grid.real;
  if (!uReal && !vReal) return true;
  return (
    (!uReal || partner(grid, u, grid.down, grid.up, below) === v) &&
    (!vReal || partner(grid, v, grid.up, grid.down, above) === u)
  );
}

/**
 * The neighbour on one side that continues the node's line, or -1 when none stands out.
 * @param {Grid} grid @param {number} v @param {number[][]} side @param {number[][]} back @param {Int32Array} reach  on that side
 */
function partner(grid, v, side, back, reach) {
  const list = side[v];
  if (list.length < 2) return list[0] ?? -1;
  const [deepest, next] = list.toSorted((a, b) => reach[b] - reach[a]);
  if (reach[deepest] - reach[next] >= TRUNK_LEAD) return deepest;
  const direct = list.filter((u) => u < grid.real);
  const lengths = list.map((u) => branchLength(grid, u, side, back));
  const branches = list.filter((_, i) => lengths[i] > 0);
  // The only one that stands right there is the trunk, where it has other readers too.
  if (direct.length === 1 && !branches.includes(direct[0])) return direct[0];
  if (branches.length === 0) return -1;
  // A branch with layers of its own goes before mere shortcuts; of two such the longer one; more are equals.
  if (branches.length === 1) return branches[0];
  if (list.length > 2 || lengths[0] === lengths[1]) return -1;
  return lengths[0] > lengths[1] ? list[0] : list[1];
}

/** Real nodes in the unbranched run that starts here. @param {Grid} grid @param {number} v @param {number[][]} side @param {number[][]} back */
function branchLength(grid, v, side, back) {
  let count = 0;
  for (let w = v; back[w].length === 1; w = side[w][0]) {
    if (w < grid.real) count++;
    if (side[w].length !== 1 || count > 64) break;
  }
  return count;
}

/** The pairs that can all be straight at once; lines between layers go before those of bends. @param {Grid} grid @param {{u: number, v: number, weight: number}[]} pairs */
function withoutCrossings(grid, pairs) {
  pairs.sort((a, b) => b.weight - a.weight);
  /** @type {typeof pairs} */
  const kept = [];
  const { at } = grid;
  for (const pair of pairs) {
    const clash = kept.some(
      (other) =>
        other.u === pair.u || other.v === pair.v || at[other.u] < at[pair.u] !== at[other.v] < at[pair.v],
    );
    if (!clash) kept.push(pair);
  }
  return kept;
}
