import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildGrid } from '../layout/grid.js';
import { crossings, orderRows } from '../layout/order.js';

/** @param {number} nodes @param {[number, number][]} edges */
function grid(nodes, edges) {
  const sizes = new Array(nodes).fill(10);
  return buildGrid({
    widths: sizes, heights: sizes, sources: edges.map(([from]) => from), targets: edges.map(([, to]) => to), ports: edges.map(() => 0),
    direction: 'down', longEdge: 8, stub: 20,
  }).grid;
}

test('a row that neighbour swaps alone do not untangle is untangled', () => {
  // Two inputs, six layers that read one or the other in turn, two outputs that collect them the other way round.
  /** @type {[number, number][]} */
  const edges = [];
  for (let i = 0; i < 6; i++) edges.push([i % 2, 2 + i], [2 + i, 8 + (i % 2)]);
  const made = grid(10, edges);
  orderRows(made);
  assert.equal(crossings(made), 0);
});

test('the same net is always ordered the same', () => {
  /** @type {[number, number][]} */
  const edges = [];
  for (let a = 0; a < 5; a++) for (const b of [1, 3, 4]) edges.push([a, 5 + ((a * b) % 5)]);
  const [one, two] = [grid(10, edges), grid(10, edges)];
  orderRows(one);
  orderRows(two);
  assert.deepEqual(one.rows, two.rows);
});
