import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GraphModel } from '../model/graph-model.js';
import { between, byPattern, globExpression, reach, search } from '../model/queries.js';
import { graphOf } from './nets.js';

/** a -> b -> d, a -> c -> d, d -> e; x stands alone */
function diamond() {
  const model = new GraphModel();
  model.setGraph(
    graphOf([
      { name: 'a', type: 'Input' },
      { name: 'b', type: 'Convolution', bottoms: ['a'] },
      { name: 'c', type: 'Convolution', bottoms: ['a'] },
      { name: 'd', type: 'Eltwise', bottoms: ['b', 'c'] },
      { name: 'e', type: 'Softmax', bottoms: ['d'] },
      { name: 'x', type: 'Input' },
    ]),
  );
  return model;
}

test('everything upstream and downstream is reached, the start included', () => {
  const model = diamond();
  assert.deepEqual([...reach(model, ['d'], 'up')].sort(), ['a', 'b', 'c', 'd']);
  assert.deepEqual([...reach(model, ['b'], 'down')].sort(), ['b', 'd', 'e']);
});

test('layers between two are those on any path, whichever way round they are named', () => {
  const model = diamond();
  assert.deepEqual([...between(model, 'a', 'd')].sort(), ['a', 'b', 'c', 'd']);
  assert.deepEqual([...between(model, 'd', 'a')].sort(), ['a', 'b', 'c', 'd']);
  assert.equal(between(model, 'b', 'c').size, 0);
});

test('a glob is matched over the whole name and takes nothing else as special', () => {
  assert.ok(globExpression('conv*').test('conv1/3x3'));
  assert.ok(!globExpression('conv').test('conv1'));
  assert.ok(globExpression('res?a').test('res2a'));
  assert.ok(globExpression('inception_[34]a/*').test('inception_4a/pool'));
  assert.ok(globExpression('x[!ab]').test('xc'));
  assert.ok(!globExpression('a.c').test('abc'));
  assert.ok(globExpression('a(b)+').test('a(b)+'));
  assert.doesNotThrow(() => globExpression('[unclosed'));
});

test('a pattern selects keys, so both variants of a name are found', () => {
  const graph = graphOf([
    { name: 'data', type: 'Data', phases: ['TRAIN'] },
    { name: 'data', type: 'Data', phases: ['TEST'] },
    { name: 'conv', type: 'Convolution', bottoms: ['data'] },
  ]);
  assert.deepEqual(byPattern(graph, 'da*'), ['data', 'data~2']);
});

test('search puts the name itself first and looks at types and blobs too', () => {
  const graph = graphOf([
    { name: 'relu_conv', type: 'ReLU' },
    { name: 'conv2', type: 'Convolution' },
    { name: 'conv', type: 'Convolution', tops: ['features'] },
    { name: 'other', type: 'Pooling' },
  ]);
  assert.deepEqual(search(graph, 'conv'), ['conv', 'conv2', 'relu_conv']);
  assert.deepEqual(search(graph, 'features'), ['conv']);
  assert.deepEqual(search(graph, 'pooling oth'), ['other']);
  assert.deepEqual(search(graph, '  '), []);
});
