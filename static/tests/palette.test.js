import assert from 'node:assert/strict';
import { test } from 'node:test';

import { addOperation } from '../commands/drawing.js';
import { GraphModel } from '../model/graph-model.js';
import { paletteGroups } from '../model/palette.js';
import { graphOf } from './nets.js';

const type = (/** @type {string} */ name, /** @type {string} */ family, more = {}) => ({
  name,
  family,
  doc: `What ${name} does.`,
  profile: 'bvlc',
  bottoms: { least: 1, most: 1 },
  ...more,
});

const TYPES = [
  type('Pooling', 'vision'),
  type('Convolution', 'vision'),
  type('Crop', 'vision'),
  type('ReLU', 'activation'),
  type('Input', 'data', { bottoms: { least: 0, most: 0 } }),
  type('ROIPooling', 'vision', { profile: 'fork' }),
];

const names = (/** @type {string} */ query) =>
  paletteGroups(TYPES, query).map(({ family, types }) => [family, ...types.map(({ name }) => name)]);

test('types stand by family, what nets are mostly made of first, forks last', () => {
  assert.deepEqual(names(''), [
    ['data', 'Input'],
    ['vision', 'Convolution', 'Pooling', 'Crop'],
    ['activation', 'ReLU'],
    ['fork', 'ROIPooling'],
  ]);
});

test('what begins with the words searched for comes first', () => {
  assert.deepEqual(names('pool'), [
    ['vision', 'Pooling'],
    ['fork', 'ROIPooling'],
  ]);
  assert.deepEqual(names('act relu'), [['activation', 'ReLU']]);
  assert.deepEqual(names('nothing like it'), []);
});

test('a layer is added on an edge, after a layer, or after the selection', () => {
  const model = new GraphModel();
  model.setGraph(graphOf([
      { name: 'data', type: 'Input' },
      { name: 'conv1', type: 'Convolution', bottoms: ['data'] },
      { name: 'conv2', type: 'Convolution', bottoms: ['conv1'] },
    ]));
  const [pooling] = TYPES;
  const sum = type('Eltwise', 'common', { bottoms: { least: 2, most: null } });
  assert.deepEqual(addOperation(model, pooling, { edge: 1 }).between, { target: 'conv2', blob: 'conv1', bottom: 0 });
  assert.deepEqual(addOperation(model, pooling, {}), { op: 'add_layer', type: 'Pooling' });
  assert.equal(addOperation(model, pooling, { layer: 'data' }).after, 'data');
  model.selection.set(['conv1', 'conv2']);
  assert.equal(addOperation(model, pooling, { take: true }).take_readers, true);
  assert.equal(addOperation(model, pooling, {}).after, 'conv2');
  assert.deepEqual(addOperation(model, sum, {}).bottoms, ['conv1', 'conv2']);
  assert.deepEqual(addOperation(model, pooling, { alone: true }), { op: 'add_layer', type: 'Pooling' });
  assert.deepEqual(addOperation(model, TYPES[4], {}), { op: 'add_layer', type: 'Input' });
});
