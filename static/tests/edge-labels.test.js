import assert from 'node:assert/strict';
import { test } from 'node:test';
import { arrange } from '../canvas/arrange.js';
import { placeLabels } from '../canvas/edge-labels.js';
import { Scene } from '../canvas/scene.js';
import { TextMeter } from '../canvas/text.js';
import { layoutGraph } from '../layout/layered.js';
import { GraphModel } from '../model/graph-model.js';
import { graphOf, syntheticGraph, twinsGraph } from './nets.js';

/** @typedef {{x: number, y: number, width: number, height: number}} Rect */

const width = (/** @type {string} */ text) => text.length * 6;
const meter = new TextMeter(width);
const theme = /** @type {import('../canvas/theme.js').Theme} */ (/** @type {unknown} */ ({ font: 'sans', mono: 'mono' }));

/** @param {import('../model/types.js').Graph} graph @param {'down' | 'right'} direction */
function labelled(graph, direction) {
  const model = new GraphModel({ direction, edgeLabels: 'all' });
  model.setGraph(graph);
  const { set, boxes, input } = arrange(model, meter, theme);
  const scene = new Scene(model, set, boxes, layoutGraph(input), direction, width);
  const lines = (/** @type {number} */ e) => (direction === 'down' ? [`${graph.edges[set.edges[e].edge].blob}  64×28×28`] : [graph.edges[set.edges[e].edge].blob, '64×28×28']);
  return { scene, labels: placeLabels(scene, lines, width) };
}

/** @param {Rect} a @param {Rect} b */
const overlap = (a, b) => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

for (const direction of /** @type {const} */ (['down', 'right'])) {
  test(`names on edges cover no card, no stub and no other name where the net flows ${direction}`, () => {
    for (const graph of [twinsGraph(), syntheticGraph(300)]) {
      const { scene, labels } = labelled(graph, direction);
      const rects = labels.map(({ x, y, width: w, height: h }) => ({ x: x - w / 2, y: y - h / 2, width: w, height: h }));
      const others = [...scene.boxes.map((_, i) => scene.rect(i)), ...scene.pills];
      rects.forEach((rect, i) => {
        assert.ok(!others.some((other) => overlap(rect, other)), `${labels[i].lines} covers a card`);
        assert.ok(!rects.slice(0, i).some((other) => overlap(rect, other)), `${labels[i].lines} covers another name`);
      });
    }
  });

  test(`most blobs find room for their names where the net flows ${direction}`, () => {
    const { scene, labels } = labelled(twinsGraph(), direction);
    const blobs = new Set(scene.set.edges.filter((_, e) => !scene.layout.stub[e]).map(({ edge }) => scene.model.graph.edges[edge].blob));
    assert.ok(labels.length >= 0.8 * blobs.size, `${labels.length} of ${blobs.size}`);
  });
}

test('a blob that several read is named once', () => {
  const graph = graphOf([
    { name: 'data', type: 'Input' },
    ...['a', 'b', 'c'].map((name) => ({ name, type: 'Convolution', bottoms: ['data'] })),
  ]);
  const { labels } = labelled(graph, 'down');
  assert.deepEqual(labels.map(({ lines }) => lines[0]), ['data  64×28×28']);
});
