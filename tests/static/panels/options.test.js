/** What the duplicate dialog's options come to, without any page. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GraphModel } from '../../../static/model/graph-model.js';
import {
  adaptToFix,
  affixProblems,
  border,
  duplicateOperation,
  freshOptions,
  offeredLabel,
  readLayerList,
  usuallyShared,
  withAffix,
  withCopies,
  withParameters,
  writeLayerList,
} from '../../../static/panels/duplicate/options.js';
import { chain } from './nets.js';

/** data -> conv1 -> bn1 -> ip1 -> loss, which reads the label too */
function model() {
  const made = new GraphModel();
  made.setGraph(chain());
  return made;
}

test('fresh options ask for two independent copies that read the same', () => {
  assert.deepEqual(duplicateOperation(freshOptions(['conv1'])), {
    op: 'duplicate',
    layers: ['conv1'],
    copies: 2,
    suffixes: ['_a', '_b'],
    keep_first: false,
    share: { default: 'none', layers: {} },
    inputs: {},
    join: { kind: 'none' },
  });
});

test('rates are stated only where a copy has one', () => {
  const options = withCopies(freshOptions(['conv1']), 3);
  options.copies[1].rate = { kind: 'scale', value: 10 };
  options.copies[2].rate = { kind: 'freeze', value: 1 };
  assert.deepEqual(duplicateOperation(options).rates, [{}, { scale_lr: 10 }, { freeze: true }]);
});

test('a slice says its axis, a join only what its kind knows', () => {
  const options = freshOptions(['conv1']);
  options.inputs.set('data', 'slice');
  options.join = { kind: 'eltwise', axis: 3, operation: 'MAX', name: ' both ', label: 'label', blobs: null };
  const operation = duplicateOperation(options);
  assert.equal(operation.slice_axis, 1);
  assert.deepEqual(operation.inputs, { data: 'slice' });
  assert.deepEqual(operation.join, { kind: 'eltwise', operation: 'MAX', name: 'both' });
});

test('usual suffixes become usual prefixes, others stay', () => {
  const options = freshOptions(['conv1']);
  options.copies[1].affix = '_right';
  const operation = duplicateOperation(withAffix(options, 'prefix'));
  assert.deepEqual(operation.prefixes, ['a_', '_right']);
  assert.equal(operation.suffixes, undefined);
});

test('copies need suffixes of their own, but for a first one that keeps its names', () => {
  const options = freshOptions(['conv1']);
  options.copies[0].affix = '';
  assert.deepEqual(affixProblems(options), ['empty']);
  assert.deepEqual(affixProblems({ ...options, keepFirst: true }), []);
  options.copies[0].affix = '_b';
  assert.deepEqual(affixProblems(options), ['twice']);
});

test('a list of layers is read as names, ranges and patterns, in file order', () => {
  const net = model();
  assert.deepEqual(readLayerList('ip1, conv1', net), { keys: ['conv1', 'ip1'], unknown: [] });
  assert.deepEqual(readLayerList('conv1..ip1', net).keys, ['conv1', 'bn1', 'ip1']);
  assert.deepEqual(readLayerList('*1', net).keys, ['conv1', 'bn1', 'ip1']);
  assert.deepEqual(readLayerList('conv9 x*', net), { keys: [], unknown: ['conv9', 'x*'] });
});

test('what is written as a range reads back as the same layers', () => {
  const net = model();
  assert.equal(writeLayerList(['conv1', 'bn1', 'ip1'], net), 'conv1..ip1');
  assert.equal(writeLayerList(['conv1', 'ip1', 'loss'], net), 'conv1, ip1, loss');
});

test('a module and a twin are written by what their names have in common', () => {
  const net = new GraphModel();
  const plain = chain();
  const names = ['data', '3a/conv', '3a/relu', '3a/ip', 'loss'];
  // a range would take in what lies between without belonging to it
  const layers = plain.layers.map((layer, i) => ({ ...layer, key: names[i] ?? '', name: names[i] ?? '' }));
  net.setGraph({ ...plain, layers, edges: [] });
  assert.equal(writeLayerList(['3a/conv', '3a/relu', '3a/ip'], net), '3a/*');
});

test('the border of a selection is what it reads from outside and gives away', () => {
  const { inputs, outputs } = border(['conv1', 'bn1', 'ip1'], model());
  assert.deepEqual([...inputs], [['data', [4, 3, 8, 8]]]);
  assert.deepEqual([...outputs.keys()], ['ip1']);
  assert.deepEqual(outputs.get('ip1')?.readers, ['loss']);
});

test('sharing all leaves the running statistics of BatchNorm apart', () => {
  const layers = withParameters(['data', 'conv1', 'bn1', 'ip1'], model());
  assert.deepEqual(
    layers.map((layer) => layer.key),
    ['conv1', 'bn1', 'ip1'],
  );
  assert.deepEqual(usuallyShared(layers), ['conv1', 'ip1']);
});

/** @param {import('../../../static/model/types.js').Operation[]} operations */
const fixOf = (operations) => ({ title: 'fix', operations });
const origins = {
  sources: new Map([
    ['conv1_a', 'conv1'],
    ['conv1_b', 'conv1'],
  ]),
  users: new Map([['w', ['conv1_a', 'conv1_b']]]),
  firstRates: new Map([['w', 1]]),
};

test('unsharing a copied layer frees the layer it was copied from', () => {
  const options = { ...freshOptions(['conv1', 'ip1']), shared: new Set(['conv1', 'ip1']) };
  const fixed = adaptToFix(options, fixOf([{ op: 'unshare', layer: 'conv1_b', blob: 0 }]), origins);
  assert.deepEqual([...fixed.shared], ['ip1']);
  assert.deepEqual(fixed.extras, []);
});

test('a fix that unshares weight and bias frees the layer once', () => {
  const options = { ...freshOptions(['conv1']), shared: new Set(['conv1']) };
  const operations = [0, 1].map((blob) => ({ op: /** @type {const} */ ('unshare'), layer: 'conv1_b', blob }));
  const fixed = adaptToFix(options, fixOf(operations), origins);
  assert.deepEqual([...fixed.shared], []);
  assert.deepEqual(fixed.extras, []);
});

test('one rate, the first copy’s, is a matter of the options', () => {
  const options = { ...freshOptions(['conv1', 'ip1']), shared: new Set(['conv1']) };
  options.copies[1].rate = { kind: 'scale', value: 10 };
  const fixed = adaptToFix(options, fixOf([{ op: 'one_rate', name: 'w', lr_mult: 1 }]), origins);
  assert.deepEqual(duplicateOperation(fixed).rates, [{}, { scale_lr: 10, layers: { conv1: {} } }]);
  assert.deepEqual(fixed.extras, []);
});

test('one rate that is another than the first copy’s is set right after', () => {
  const options = { ...freshOptions(['conv1']), shared: new Set(['conv1']) };
  const fix = fixOf([{ op: 'one_rate', name: 'w', lr_mult: 10 }]);
  assert.deepEqual(adaptToFix(options, fix, origins).extras, [fix]);
});

test('a fix that is no matter of the options runs after the duplicate', () => {
  const fix = fixOf([{ op: 'rename_layer', layer: 'x', to: 'y' }]);
  assert.deepEqual(adaptToFix(freshOptions(['conv1']), fix, origins).extras, [fix]);
});

test("a loss's label is offered where there is one: by its name, or as the only blob of one value an item that nothing reads", () => {
  assert.equal(offeredLabel(model()), 'label');
  const made = new GraphModel();
  const graph = chain();
  graph.layers[0].tops[1].name = 'sim';
  graph.layers[4].bottoms = ['ip1'];
  made.setGraph(graph);
  assert.equal(offeredLabel(made), 'sim');
  graph.layers[4].tops[0].shape = [4, 1];
  made.setGraph(graph);
  assert.equal(offeredLabel(made), '');
});
