/**
 * The layered layout: ranks, order, positions, routes. Deterministic: the same input gives the same picture. Given the
 * former positions as hints it keeps them, and moves only what it must.
 */

import { alignBlocks } from './blocks.js';
import { separateClusters } from './clusters.js';
import { buildGrid } from './grid.js';
import { formerPositions, orderByFormer } from './hints.js';
import { orderRows } from './order.js';
import { placeParts } from './parts.js';
import { placeFresh, placeHinted } from './place.js';
import { route } from './route.js';

/** @typedef {import('./types.js').LayoutInput} LayoutInput */
/** @typedef {import('./types.js').LayoutResult} LayoutResult */
/** @typedef {import('./types.js').Grid} Grid */

/** @param {LayoutInput} input @returns {LayoutResult} */
export function layoutGraph(input) {
  const { grid, stub, reversed } = buildGrid(input);
  const extents = nodeExtents(input, stub);
  const size = new Float64Array(grid.size);
  size.set(extents.cross);
  const x = positions(grid, size, input);
  const routed = route(grid, input, stub, reversed, extents, x);
  const cross = x.slice(0, grid.real);
  const right = input.direction === 'right';
  if (right) swapPairs(routed.points);
  return {
    x: right ? routed.main : cross,
    y: right ? cross : routed.main,
    rank: grid.rank.slice(0, grid.real),
    stub,
    points: routed.points,
    starts: routed.starts,
    bends: grid.chains.map((chain) => chain.map((v) => x[v])),
    bounds: bounds(input, right ? routed.main : cross, right ? cross : routed.main, routed.points),
  };
}

/** @param {Grid} grid @param {Float64Array} size @param {LayoutInput} input */
function positions(grid, size, input) {
  if (!input.hints) {
    orderRows(grid);
    const x = placeFresh(grid, size, alignBlocks(grid));
    if (input.clusters) separateClusters(grid, size, x, input.clusters);
    return rounded(x);
  }
  const fixed = formerPositions(grid, input.hints);
  placeParts(grid, size, fixed);
  const estimate = orderByFormer(grid, fixed);
  orderRows(grid, Uint8Array.from(fixed, (value) => (Number.isNaN(value) ? 0 : 1)));
  return rounded(placeHinted(grid, size, alignBlocks(grid, fixed), fixed, estimate));
}

/** Whole pixels: lines are crisp, and "at the same place" is exact. @param {Float64Array} values */
function rounded(values) {
  return values.map((value) => Math.round(value));
}

/** @param {LayoutInput} input @param {Uint8Array} stub */
function nodeExtents(input, stub) {
  const right = input.direction === 'right';
  const cross = Float64Array.from(right ? input.heights : input.widths);
  const main = Float64Array.from(right ? input.widths : input.heights);
  const before = new Float64Array(cross.length);
  const after = new Float64Array(cross.length);
  for (let e = 0; e < stub.length; e++) {
    if (!stub[e]) continue;
    after[input.sources[e]] = input.stub;
    before[input.targets[e]] = input.stub;
  }
  return { cross, main, before, after };
}

/** @param {Float64Array} points */
function swapPairs(points) {
  for (let i = 0; i < points.length; i += 2) {
    const x = points[i];
    points[i] = points[i + 1];
    points[i + 1] = x;
  }
}

/** @param {LayoutInput} input @param {Float64Array} x @param {Float64Array} y @param {Float64Array} points */
function bounds(input, x, y, points) {
  let [minX, minY, maxX, maxY] = [Infinity, Infinity, -Infinity, -Infinity];
  const grow = (/** @type {number} */ px, /** @type {number} */ py) => {
    if (px < minX) minX = px;
    if (px > maxX) maxX = px;
    if (py < minY) minY = py;
    if (py > maxY) maxY = py;
  };
  for (let v = 0; v < x.length; v++) {
    grow(x[v] - input.widths[v] / 2, y[v] - input.heights[v] / 2);
    grow(x[v] + input.widths[v] / 2, y[v] + input.heights[v] / 2);
  }
  for (let i = 0; i < points.length; i += 2) grow(points[i], points[i + 1]);
  return x.length === 0 ? { minX: 0, minY: 0, maxX: 0, maxY: 0 } : { minX, minY, maxX, maxY };
}
