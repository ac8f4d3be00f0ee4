import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatRate, formatShape, groupColours, marksOf } from '../model/marks.js';
import { graphOf, twinsGraph } from './nets.js';

/** @param {import('./nets.js').Sketch} sketch */
function marks(sketch) {
  return marksOf(graphOf([sketch]).layers[0], () => 1).map((mark) => `${mark.kind}${mark.text}`);
}

const blobs = [[20, 1, 5, 5], [20]];

test('the usual rate says nothing, another is shown, none at all is frozen', () => {
  assert.deepEqual(marks({ name: 'c', type: 'Convolution', blobs }), []);
  assert.deepEqual(marks({ name: 'c', type: 'Convolution', blobs, lr: 10 }), ['rate×10']);
  assert.deepEqual(marks({ name: 'c', type: 'Convolution', blobs, lr: 0 }), ['frozen']);
});

test('BatchNorm statistics are never learned, so they are not called frozen', () => {
  assert.deepEqual(marks({ name: 'b', type: 'BatchNorm', blobs: [[8], [8], [1]] }), []);
});

test('an error hides the warnings of the same layer', () => {
  const more = { problems: { error: 2, warning: 1, info: 0 } };
  assert.deepEqual(marks({ name: 'c', type: 'ReLU', more }), ['error']);
});

test('weights are marked only when some are uploaded', () => {
  assert.deepEqual(marks({ name: 'c', type: 'Convolution', blobs, more: { weights: 'loads' } }), ['loads']);
  assert.deepEqual(marks({ name: 'c', type: 'Convolution', blobs, more: { weights: 'shape-clash' } }), ['clash']);
});

test('a weight and its bias shared by the same layers have one colour, other groups another', () => {
  const { groups } = twinsGraph();
  const colours = groupColours(groups);
  assert.equal(colours.get('conv1_w'), colours.get('conv1_b'));
  assert.notEqual(colours.get('conv1_w'), colours.get('ip1_w'));
});

test('a 32-bit rate reads as people wrote it', () => {
  assert.equal(formatRate(Math.fround(0.1)), '0.1');
  assert.equal(formatRate(10), '10');
  assert.equal(formatShape([64, 3, 7, 7]), '64×3×7×7');
  assert.equal(formatShape([]), 'scalar');
  assert.equal(formatShape(null), '');
});
