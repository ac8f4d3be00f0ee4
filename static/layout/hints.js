/** Where nodes come after an edit: old ones in their old order, new ones beside what they are connected to. */

import { renumber } from './grid.js';

/** @typedef {import('./types.js').Grid} Grid */
/** @typedef {import('./types.js').LayoutHints} LayoutHints */

const ROUNDS = 8;
/** New nodes go to the right of what they hang on, so that copies stand beside the original in file order. */
const BESIDE = 1;

/**
 * Former positions of nodes and bends; a bend keeps its own only if its edge still has as many.
 * @param {Grid} grid @param {LayoutHints} hints
 */
export function formerPositions(grid, hints) {
  const fixed = new Float64Array(grid.size).fill(NaN);
  for (let v = 0; v < grid.real; v++) fixed[v] = hints.cross[v];
  grid.chains.forEach((chain, e) => {
    const former = hints.bends[e];
    if (!former || former.length !== chain.length) return;
    for (let i = 0; i < chain.length; i++) fixed[chain[i]] = former[i];
  });
  return fixed;
}

/**
 * Orders each row by former positions, new nodes by the mean of their neighbours; returns those estimates.
 * @param {Grid} grid @param {Float64Array} fixed
 */
export function orderByFormer(grid, fixed) {
  const estimate = Float64Array.from(fixed);
  const fresh = [];
  for (let v = 0; v < grid.size; v++) if (Number.isNaN(fixed[v])) fresh.push(v);
  for (let round = 0; round < ROUNDS; round++) {
    for (const v of round % 2 === 0 ? fresh : fresh.toReversed()) {
      let sum = 0;
      let count = 0;
      for (const u of grid.up[v]) if (!Number.isNaN(estimate[u])) (sum += estimate[u]), count++;
      for (const u of grid.down[v]) if (!Number.isNaN(estimate[u])) (sum += estimate[u]), count++;
      if (count > 0) estimate[v] = sum / count + BESIDE;
    }
  }
  let right = 0;
  for (const value of estimate) if (value > right) right = value;
  for (const v of fresh) if (Number.isNaN(estimate[v])) estimate[v] = right + BESIDE; // hangs on nothing: beside all
  const before = Int32Array.from(grid.at);
  for (const row of grid.rows) row.sort((a, b) => estimate[a] - estimate[b] || before[a] - before[b]);
  renumber(grid);
  return estimate;
}
