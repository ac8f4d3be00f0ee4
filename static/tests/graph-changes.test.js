import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HeldGraph, wholeGraph } from '../api/graph-changes.js';
import { graphOf } from './nets.js';

/** A graph of four layers, as the server told it. */
const HELD = {
  ...graphOf([
    { name: 'data', type: 'Input' },
    { name: 'conv', type: 'Convolution', bottoms: ['data'] },
    { name: 'relu', type: 'ReLU', bottoms: ['conv'], tops: ['conv'] },
    { name: 'ip', type: 'InnerProduct', bottoms: ['conv'] },
  ]),
  document: 'net',
  tag: 'one',
};
const { layers: _layers, edges: _edges, ...HEAD } = HELD;

/** @param {Partial<import('../api/types.js').GraphChanges>} more @returns {import('../api/types.js').GraphChanges} */
const changes = (more) => ({ ...HEAD, since: 'one', tag: 'two', layers: [], edges: [], ...more });

test('what is as it was is the same object, what moved in the file has new lines only', () => {
  const fresh = { ...HELD.layers[1], summary: '3×3' };
  const told = changes({
    layers: [{ start: 0, count: 1, chunk: 0, line: 0 }, { rows: [fresh] }, { start: 2, count: 2, chunk: 1, line: 3 }],
    edges: [{ start: 1, count: 2 }, { rows: [{ ...HELD.edges[0], top: 1 }] }],
    revision: 7,
  });
  const { layers, edges, revision, tag } = wholeGraph(told, HELD);
  assert.deepEqual([revision, tag], [7, 'two']);
  assert.equal(layers[0], HELD.layers[0]);
  assert.equal(layers[1], fresh);
  const { chunk, line, end_line } = HELD.layers[2];
  assert.deepEqual(layers[2], { ...HELD.layers[2], chunk: chunk + 1, line: line + 3, end_line: end_line + 3 });
  assert.deepEqual(layers.map(({ key }) => key), ['data', 'conv', 'relu', 'ip']);
  assert.deepEqual(edges, [HELD.edges[1], HELD.edges[2], { ...HELD.edges[0], top: 1 }]);
  assert.equal(edges[0], HELD.edges[1]);
});

test('what differs from a graph that is not held is refused and not guessed at', () => {
  for (const held of [null, { ...HELD, tag: 'another' }]) assert.throws(() => wholeGraph(changes({}), held));
});

test('the graph told last is held, and named to its own document only', () => {
  const holding = new HeldGraph();
  const first = holding.ask('net', '?phase=TEST');
  assert.equal(first.query, '?phase=TEST&known=');
  assert.equal(first.read(HELD), HELD);
  assert.equal(holding.ask('net').query, '?known=one');
  assert.equal(holding.ask('other').query, '?known=');
});

test('an answer is read with the graph that its request named, whatever came meanwhile', () => {
  const holding = new HeldGraph();
  holding.ask('net').read(HELD);
  const slow = holding.ask('net');
  holding.ask('net').read({ ...HELD, tag: 'three', layers: [] });
  const { layers } = slow.read(changes({ layers: [{ start: 3, count: 1, chunk: 0, line: 0 }] }));
  assert.deepEqual(layers, [HELD.layers[3]]);
});
