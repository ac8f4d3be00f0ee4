import assert from 'node:assert/strict';
import { test } from 'node:test';
import { farScale, shortName, shrink, twoLines } from '../canvas/far-text.js';
import { TextMeter } from '../canvas/text.js';

const meter = new TextMeter((text) => text.length);

test('type seen from afar can be read, and does not change its size with every step of the wheel', () => {
  for (let zoom = 0.24; zoom < 0.8; zoom += 0.01) assert.ok(13 * farScale(zoom) * zoom >= 10.4, String(zoom));
  assert.equal(farScale(0.4), farScale(0.401));
});

test('a name that does not fit loses the path before it first', () => {
  assert.equal(shortName('inception_4b/3x3_a', 18, meter, ''), 'inception_4b/3x3_a');
  assert.equal(shortName('inception_4b/3x3_a', 10, meter, ''), '3x3_a');
  assert.equal(shortName('inception_4b/3x3_reduce_a', 9, meter, ''), '3x3_…ce_a');
});

test('a name on two lines breaks where a part of it ends', () => {
  assert.deepEqual(twoLines('inception_4b/3x3_a', 13, 13, meter, ''), ['inception_4b/', '3x3_a']);
  assert.deepEqual(twoLines('res2a_branch2a', 9, 9, meter, ''), ['res2a_', 'branch2a']);
  assert.deepEqual(twoLines('res3a_a', 6, 6, meter, ''), ['res…_a']);
  assert.deepEqual(twoLines('convolution', 5, 5, meter, ''), ['co…on']);
});

test('type may be a little smaller, rather than a name cut', () => {
  assert.equal(shrink('4b/output_a', 8, meter, ''), 1);
  assert.equal(shrink('4b/output_a', 7, meter, ''), 7 / 8);
  assert.equal(shrink('4b/output_a', 5, meter, ''), 1);
});
