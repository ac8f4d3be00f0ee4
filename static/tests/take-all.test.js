/** Starting several layers from another caffemodel at once. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { takeAll } from '../model/take-all.js';

/** @import {LayerCard} from "../model/types.js" */

/** @param {string} key @param {string | null} origin @param {number} blobs */
const card = (key, origin, blobs = 2) =>
  /** @type {LayerCard} */ (/** @type {unknown} */ ({ key, origin, blobs: Array.from({ length: blobs }) }));

/** @param {string} layer @param {string} from @param {string} source */
const taken = (layer, from, source) => ({ op: 'take_weights', layer, from_layer: from, source });

test('each layer starts from the stored one of the other file that has the name of its own', () => {
  const layers = [card('conv1_flow', 'conv1'), card('pool1_flow', null, 0), card('ip1_flow', 'ip1')];
  assert.deepEqual(takeAll(layers, 'flow', ['flow']), [
    taken('conv1_flow', 'conv1', 'flow'),
    taken('ip1_flow', 'ip1', 'flow'),
  ]);
});

test('and goes back, or on to a third file', () => {
  const layers = [card('conv1_flow', 'conv1 of flow')];
  assert.deepEqual(takeAll(layers, '', ['flow']), [taken('conv1_flow', 'conv1', '')]);
  assert.deepEqual(takeAll(layers, 'depth', ['depth', 'flow']), [taken('conv1_flow', 'conv1', 'depth')]);
});

test('a stored name may hold the word of', () => {
  assert.deepEqual(takeAll([card('a', 'bag of words')], 'flow', ['flow']), [taken('a', 'bag of words', 'flow')]);
});

test('a layer that starts from its filler stays as it is', () => {
  assert.deepEqual(takeAll([card('new', null)], 'flow', ['flow']), []);
});
