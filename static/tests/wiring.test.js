import assert from 'node:assert/strict';
import { test } from 'node:test';

import { GraphModel } from '../model/graph-model.js';
import { layersText } from '../model/layers-text.js';
import { bottomFor, legalSources, legalTargets, openBottoms, takesMore } from '../model/wiring.js';
import { graphOf } from './nets.js';

const range = (/** @type {number} */ least, /** @type {number | null} */ most) => ({ least, most });

function model() {
  const made = new GraphModel();
  made.catalogue = new Map(
    Object.entries({
      Input: { bottoms: range(0, 0) },
      InnerProduct: { bottoms: range(1, 1) },
      ReLU: { bottoms: range(1, 1), in_place: true },
      Convolution: { bottoms: range(1, null), equal_counts: true },
      Concat: { bottoms: range(1, null) },
    }).map(([name, more]) => [name, { name, family: 'common', doc: '', ...more }]),
  );
  made.setGraph(
    graphOf([
      { name: 'data', type: 'Input' },
      { name: 'ip1', type: 'InnerProduct', bottoms: ['data'] },
      { name: 'relu1', type: 'ReLU', bottoms: ['ip1'], tops: ['ip1'] },
      { name: 'ip2', type: 'InnerProduct', bottoms: ['ip1'] },
      { name: 'conv', type: 'Convolution', bottoms: ['data'] },
      { name: 'cat', type: 'Concat', bottoms: ['ip2', 'gone'] },
      { name: 'odd', type: 'Mystery' },
    ]),
  );
  return made;
}

test('a top may go to whatever it does not come from and has a place for it', () => {
  const net = model();
  assert.deepEqual([...legalTargets(net, 'ip2', 0)], ['conv', 'cat', 'odd']);
  // The ReLU changes what ip1 makes: neither may read it, nor what already does with its only bottom.
  assert.deepEqual([...legalTargets(net, 'ip1', 0)], ['conv', 'cat', 'odd']);
  assert.deepEqual([...legalTargets(net, 'ip1', 1)], []);
});

test('a bottom may be fed by whatever does not come from its layer', () => {
  assert.deepEqual([...legalSources(model(), 'ip2')], ['data', 'ip1', 'relu1', 'conv', 'odd']);
});

test('a wire dropped on a card goes to an open bottom, a new one, or the nearest', () => {
  const net = model();
  const layer = (/** @type {string} */ key) => /** @type {import('../model/types.js').LayerCard} */ (net.layer(key));
  assert.deepEqual(openBottoms(net, layer('cat')), [1]);
  assert.equal(bottomFor(net, layer('cat'), 0), null);
  assert.equal(bottomFor(net, layer('ip2'), 0), 0);
  assert.equal(takesMore(net, layer('conv')), false);
});

test('an edge is selected instead of layers, and the reverse', () => {
  const net = model();
  net.selection.set(['ip1']);
  net.pick(net.graph.edges[0]);
  assert.equal(net.selection.size, 0);
  net.selection.set(['ip2']);
  assert.equal(net.picked, null);
});

test('the text of layers is their lines with the comments above them', () => {
  const text = '# net\nname: "x"\n# the first\nlayer {\n  name: "a"\n}\nlayer { name: "b" }\nlayer { name: "c" }\n';
  const at = (/** @type {number} */ line, /** @type {number} */ end_line) => ({ line, end_line });
  assert.equal(layersText(text, [at(8, 8), at(4, 6)]), '# the first\nlayer {\n  name: "a"\n}\nlayer { name: "c" }\n');
});
