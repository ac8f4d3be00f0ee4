/** Finding share groups where there are many, without any page. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { groupsSought } from '../../../static/commands/shares.js';

/** @param {string} name @param {string[]} layers */
const group = (name, layers) => ({
  name,
  owner: layers[0] ?? '',
  shape: [1],
  lr: 1,
  decay: 1,
  members: layers.map((layer) => ({ layer, blob: 0 })),
});
const groups = [group('conv1_w', ['conv1_a', 'conv1_b']), group('trunk', ['conv2_a', 'conv2_b'])];

/** @param {string} words @param {ReadonlySet<string> | null} selection */
const found = (words, selection) => groupsSought(groups, words, selection).map(({ name }) => name);

test('share groups are found by their name and by their layers', () => {
  assert.deepEqual(found('', null), ['conv1_w', 'trunk']);
  assert.deepEqual(found('CONV2', null), ['trunk']);
  assert.deepEqual(found('conv1 w', null), ['conv1_w']);
  assert.deepEqual(found('conv3', null), []);
});

test('or those of the selected layers alone are shown', () => {
  assert.deepEqual(found('', new Set(['conv2_b'])), ['trunk']);
  assert.deepEqual(found('conv1', new Set(['conv2_b'])), []);
});
