import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GraphModel } from '../model/graph-model.js';
import { copies, groupMembers, groupTitle, suggestGroups } from '../model/name-groups.js';
import { graphOf, twinsGraph } from './nets.js';

/** @param {import('./nets.js').Sketch[]} layers @param {Partial<import('../model/types.js').ViewSettings>} [view] */
function rowsOf(layers, view) {
  const model = new GraphModel(view);
  model.setGraph(graphOf(layers));
  return model.cards.cards.map((card) => card.rows.join(' '));
}

/** @type {import('./nets.js').Sketch[]} */
const BLOCK = [
  { name: 'data', type: 'Input' },
  { name: 'conv', type: 'Convolution', bottoms: ['data'] },
  { name: 'bn', type: 'BatchNorm', bottoms: ['conv'], tops: ['conv'] },
  { name: 'scale', type: 'Scale', bottoms: ['conv'], tops: ['conv'] },
  { name: 'relu', type: 'ReLU', bottoms: ['conv'], tops: ['conv'] },
  { name: 'ip', type: 'InnerProduct', bottoms: ['conv'] },
];

test('convolution, BatchNorm, Scale and ReLU fold into one card of four rows', () => {
  assert.deepEqual(rowsOf(BLOCK), ['data', 'conv bn scale relu', 'ip']);
});

test('with folding off each layer has its card', () => {
  assert.equal(rowsOf(BLOCK, { fold: false }).length, 6);
});

test('a run that is not in-place folds too', () => {
  const layers = BLOCK.map((layer) => ({ ...layer }));
  Object.assign(layers[2], { tops: ['bn'] });
  Object.assign(layers[3], { bottoms: ['bn'], tops: ['scale'] });
  Object.assign(layers[4], { bottoms: ['scale'], tops: ['relu'] });
  Object.assign(layers[5], { bottoms: ['relu'] });
  assert.deepEqual(rowsOf(layers), ['data', 'conv bn scale relu', 'ip']);
});

test('a blob that something else reads too is not hidden inside a card', () => {
  const layers = [...BLOCK.slice(0, 2), { name: 'relu', type: 'ReLU', bottoms: ['conv'], tops: ['relu'] }, { name: 'sum', type: 'Eltwise', bottoms: ['conv', 'relu'] }];
  assert.deepEqual(rowsOf(layers), ['data', 'conv', 'relu', 'sum']);
});

test('a layer of one phase does not stack on a layer of both', () => {
  /** @type {import('./nets.js').Sketch[]} */
  const layers = [...BLOCK.slice(0, 2), { name: 'drop', type: 'Dropout', bottoms: ['conv'], tops: ['conv'], phases: ['TRAIN'] }];
  assert.deepEqual(rowsOf(layers), ['data', 'conv', 'drop']);
});

test('an activation does not stack on an input unless it is in-place', () => {
  assert.deepEqual(rowsOf([{ name: 'in', type: 'Input' }, { name: 'relu', type: 'ReLU', bottoms: ['in'], tops: ['out'] }]), ['in', 'relu']);
  assert.deepEqual(rowsOf([{ name: 'in', type: 'Input' }, { name: 'relu', type: 'ReLU', bottoms: ['in'], tops: ['in'] }]), ['in relu']);
});

test('edges inside a card are not drawn, edges between cards are, once a bottom', () => {
  const model = new GraphModel();
  model.setGraph(graphOf(BLOCK));
  const { edges, cardOf } = model.cards;
  assert.deepEqual(edges.map(({ source, target }) => [source, target]), [[0, 1], [1, 2]]);
  assert.equal(cardOf.get('scale'), 1);
});

test('a collapsed group is one card with the edges of its border', () => {
  const model = new GraphModel({ collapsed: new Set(['*_a']) });
  model.setGraph(twinsGraph());
  const [group] = model.cards.cards;
  assert.equal(group.kind, 'group');
  assert.equal(group.rows.length, 7);
  const border = model.cards.edges.filter(({ source, target }) => source === 0 || target === 0);
  assert.equal(border.length, 2);
});

test('groups are suggested by prefix and by suffix', () => {
  const suffixes = suggestGroups(twinsGraph()).map(({ pattern, size }) => `${pattern} ${size}`);
  assert.deepEqual(suffixes, ['*_a 7', '*_b 7']);
  const graph = graphOf([{ name: 'inc/a', type: 'ReLU' }, { name: 'inc/b', type: 'ReLU' }, { name: 'x/c', type: 'ReLU' }]);
  assert.deepEqual(suggestGroups(graph), [{ pattern: 'inc/', size: 2, first: 'inc/a' }]);
});

test('groups within groups are suggested, and units of a residual net by their stage', () => {
  const names = ['in', 's1/b1/conv', 's1/b1/relu', 's1/b2/conv', 's1/b2/relu', 's1/out', 'end'];
  const nested = graphOf(names.map((name) => ({ name, type: 'ReLU' })));
  assert.deepEqual(suggestGroups(nested).map(({ pattern, size }) => `${pattern} ${size}`), ['s1/ 5', 's1/b1/ 2', 's1/b2/ 2']);
  const block = graphOf(['in', 'res1/a', 'res1/b', 'res1', 'res2/a'].map((name) => ({ name, type: 'ReLU' })));
  assert.deepEqual(suggestGroups(block).map(({ pattern, size }) => `${pattern} ${size}`), ['res1/ 3']);
  assert.deepEqual(groupMembers(block, 'res1/'), ['res1/a', 'res1/b', 'res1']);
  const units = ['data', 'res2a_branch1', 'bn2a_branch1', 'res2a', 'res2b_branch2a', 'bn2b_branch2a', 'res2b', 'fc'];
  const residual = graphOf(units.map((name) => ({ name, type: 'ReLU' })));
  assert.deepEqual(suggestGroups(residual).map(({ pattern, size }) => `${pattern} ${size}`), ['~2 6', '~2a 3', '~2b 3']);
  assert.deepEqual(groupMembers(residual, '~2a'), ['res2a_branch1', 'bn2a_branch1', 'res2a']);
  assert.equal(groupTitle('~2a', 'res2a_branch1'), 'res2a');
});

test('an outer group takes in its inner ones, however they were collapsed', () => {
  const model = new GraphModel({ collapsed: new Set(['s1/b1/', 's1/']) });
  model.setGraph(graphOf(['in', 's1/b1/conv', 's1/b1/relu', 's1/out'].map((name, i, all) => ({ name, type: 'Convolution', bottoms: i ? [all[i - 1]] : [] }))));
  assert.deepEqual(model.cards.cards.map(({ title, rows }) => [title, rows.length]), [['s1', 3], ['in', 1]]);
});

test('copies are found by suffixes that several base names share, and beside an original without suffix', () => {
  assert.deepEqual(copies(twinsGraph()).map(({ suffix, keys }) => [suffix, keys.length]), [['_a', 7], ['_b', 7]]);
  const names = ['conv1', 'pool1', 'ip1', 'conv1_p', 'pool1_p', 'ip1_p', 'conv2_1', 'conv3_1'];
  const reads = { pool1_p: ['conv1_p'], ip1_p: ['pool1_p'], conv3_1: ['conv2_1'] };
  const graph = graphOf(names.map((name) => ({ name, type: 'ReLU', bottoms: reads[/** @type {keyof typeof reads} */ (name)] })));
  assert.deepEqual(copies(graph), [{ suffix: '_p', keys: ['conv1_p', 'pool1_p', 'ip1_p'] }]);
});

test('layers whose names only end alike are no copies: a part hangs together', () => {
  const modules = ['3a', '3b'].flatMap((name) => ['1x1', '3x3'].map((size) => ({ name: `${name}/relu_${size}`, type: 'ReLU' })));
  assert.deepEqual(copies(graphOf(modules)), []);
});

test('a step that every module has is no group, though its layers end alike and follow one another', () => {
  const modules = ['3a', '3b', '3c'].flatMap((name, i) => [
    { name: `${name}/3x3_reduce`, type: 'Convolution', bottoms: i ? [`3${'abc'[i - 1]}/3x3`] : [] },
    { name: `${name}/relu_3x3_reduce`, type: 'ReLU', bottoms: [`${name}/3x3_reduce`], tops: [`${name}/3x3_reduce`] },
    { name: `${name}/3x3`, type: 'Convolution', bottoms: [`${name}/3x3_reduce`] },
    { name: `${name}/relu_3x3`, type: 'ReLU', bottoms: [`${name}/3x3`], tops: [`${name}/3x3`] },
  ]);
  const graph = graphOf(modules);
  assert.deepEqual(copies(graph), []);
  assert.deepEqual(suggestGroups(graph).map(({ pattern }) => pattern), ['3a/', '3b/', '3c/']);
});

test('the same blob read by several layers of a collapsed group is one edge', () => {
  const model = new GraphModel({ collapsed: new Set(['g/']) });
  model.setGraph(graphOf([{ name: 'in', type: 'Input' }, { name: 'g/a', type: 'Convolution', bottoms: ['in'] }, { name: 'g/b', type: 'Convolution', bottoms: ['in'] }]));
  assert.equal(model.cards.edges.length, 1);
  assert.deepEqual(model.cards.edges[0].also, [1]);
});
