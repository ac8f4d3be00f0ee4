import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GraphModel } from '../model/graph-model.js';
import { graphOf } from './nets.js';

function chain() {
  const model = new GraphModel();
  model.setGraph(
    graphOf([
      { name: 'data', type: 'Input' },
      { name: 'conv1', type: 'Convolution', bottoms: ['data'] },
      { name: 'relu1', type: 'ReLU', bottoms: ['conv1'], tops: ['conv1'] },
      { name: 'conv2', type: 'Convolution', bottoms: ['conv1'] },
      { name: 'side', type: 'Convolution', bottoms: ['data'] },
    ]),
  );
  let changes = 0;
  model.addEventListener('selection', () => changes++);
  return { model, selection: model.selection, changes: () => changes };
}

test('selecting tells once, and selecting the same again tells nothing', () => {
  const { selection, changes } = chain();
  selection.set(['conv1', 'conv2']);
  assert.equal(changes(), 1);
  assert.equal(selection.lead, 'conv2');
  selection.set(['conv1', 'conv2']);
  assert.equal(changes(), 1);
});

test('unknown keys are left out', () => {
  const { selection } = chain();
  selection.set(['conv1', 'nobody']);
  assert.deepEqual([...selection.keys], ['conv1']);
});

test('toggling several adds the missing ones first and takes all out when all were in', () => {
  const { selection } = chain();
  selection.set(['conv1']);
  selection.toggle(['conv1', 'relu1']);
  assert.deepEqual([...selection.keys].sort(), ['conv1', 'relu1']);
  selection.toggle(['conv1', 'relu1']);
  assert.equal(selection.size, 0);
});

test('a range holds what lies between; without a way between, the two ends', () => {
  const { selection } = chain();
  selection.between('data', 'conv2');
  assert.deepEqual(selection.ordered(), ['data', 'conv1', 'relu1', 'conv2']);
  selection.between('conv2', 'side');
  assert.deepEqual(selection.ordered(), ['conv2', 'side']);
});

test('upstream and downstream add to the selection', () => {
  const { selection } = chain();
  selection.set(['relu1']);
  selection.upstream();
  assert.deepEqual(selection.ordered(), ['data', 'conv1', 'relu1']);
  selection.downstream();
  assert.equal(selection.size, 5);
});

test('a new graph keeps what is still there and says so when something went', () => {
  const { model, selection, changes } = chain();
  selection.set(['conv1', 'side']);
  model.setGraph(graphOf([{ name: 'data', type: 'Input' }, { name: 'conv1', type: 'Convolution', bottoms: ['data'] }]));
  assert.deepEqual([...selection.keys], ['conv1']);
  assert.equal(selection.lead, null);
  assert.equal(changes(), 2);
});

test('all, inverted, is none', () => {
  const { selection } = chain();
  selection.all();
  assert.equal(selection.size, 5);
  selection.invert();
  assert.equal(selection.size, 0);
});
