import assert from 'node:assert/strict';
import { test } from 'node:test';
import { layoutGraph } from '../layout/layered.js';
import { GraphModel } from '../model/graph-model.js';
import { arrange, carryOver, hintsFrom } from '../canvas/arrange.js';
import { Camera, between } from '../canvas/camera.js';
import { mix, parseColour } from '../canvas/colour.js';
import { freeLane } from '../canvas/edge-paths.js';
import { hitTest, layersIn } from '../canvas/hit.js';
import { step } from '../canvas/navigate.js';
import { Scene } from '../canvas/scene.js';
import { TextMeter } from '../canvas/text.js';
import { graphOf, syntheticGraph, twinsGraph } from './nets.js';

const meter = new TextMeter((text) => text.length * 6);
const theme = /** @type {import('../canvas/theme.js').Theme} */ (/** @type {unknown} */ ({ font: 'sans', mono: 'mono' }));

/** @param {import('../model/types.js').Graph} graph @param {Partial<import('../model/types.js').ViewSettings>} [view] */
function sceneOf(graph, view) {
  const model = new GraphModel(view);
  model.setGraph(graph);
  const { set, boxes, input } = arrange(model, meter, theme);
  return { model, scene: new Scene(model, set, boxes, layoutGraph(input), input.direction, (text) => text.length * 6), input };
}

/** @param {Scene} scene @param {string} key */
function middle(scene, key) {
  const rect = scene.layerRect(key);
  assert.ok(rect);
  return { x: rect.x + rect.width / 2, y: rect.y + rect.height / 2 };
}

test('the middle of every row is hit as that layer', () => {
  const { scene, model } = sceneOf(syntheticGraph(300));
  for (const { key } of model.graph.layers) {
    const { x, y } = middle(scene, key);
    assert.deepEqual(hitTest(scene, x, y, 1), { kind: 'row', card: scene.set.cardOf.get(key), key });
  }
});

test('the foot of a stack is the whole card, empty space is nothing', () => {
  const { scene } = sceneOf(twinsGraph());
  const card = /** @type {number} */ (scene.set.cardOf.get('relu1_a'));
  const rect = scene.rect(card);
  assert.deepEqual(hitTest(scene, rect.x + 20, rect.y + rect.height - 4, 1), { kind: 'card', card });
  assert.equal(hitTest(scene, rect.x - 400, rect.y, 1), null);
});

test('an edge is hit along its curve', () => {
  const { scene } = sceneOf(twinsGraph());
  const { points, starts } = scene.layout;
  const e = scene.set.edges.findIndex(({ source, target }) => scene.set.cards[source].id === 'slice_pair' && scene.set.cards[target].id === 'conv1_b');
  const [ax, ay] = points.slice(2 * starts[e], 2 * starts[e] + 2);
  const [bx, by] = points.slice(2 * starts[e + 1] - 2, 2 * starts[e + 1]);
  assert.deepEqual(hitTest(scene, (ax + bx) / 2, (ay + by) / 2, 1), { kind: 'edge', edge: e });
});

test('a box selects the rows it touches, a collapsed group whole', () => {
  const { scene } = sceneOf(twinsGraph());
  const relu = /** @type {{x: number, y: number, width: number, height: number}} */ (scene.layerRect('relu1_a'));
  assert.deepEqual(layersIn(scene, { minX: relu.x, minY: relu.y + 4, maxX: relu.x + 9, maxY: relu.y + 8 }), ['relu1_a']);
  const grouped = sceneOf(twinsGraph(), { collapsed: new Set(['*_a']) }).scene;
  const rect = grouped.rect(0);
  assert.equal(layersIn(grouped, { minX: rect.x, minY: rect.y, maxX: rect.x + 1, maxY: rect.y + 1 }).length, 7);
});

test('pills of long edges do not cover cards and carry the name of their blob', () => {
  const { scene } = sceneOf(syntheticGraph(200));
  assert.deepEqual(scene.pills.map((pill) => `${pill.side} ${pill.text}`), ['out label', 'in label']);
  for (const pill of scene.pills) {
    const under = scene.cardsIn({ minX: pill.x, minY: pill.y, maxX: pill.x + pill.width, maxY: pill.y + pill.height });
    assert.ok(under.every((i) => i === pill.card));
    const rect = scene.rect(pill.card);
    assert.ok(pill.y >= rect.y + rect.height || pill.y + pill.height <= rect.y);
  }
});

test('arrow keys walk the rows of a stack, then the edges, and sideways between copies', () => {
  const { scene } = sceneOf(twinsGraph());
  assert.equal(step(scene, 'pool2_a', 'down'), 'ip1_a');
  assert.equal(step(scene, 'ip1_a', 'down'), 'relu1_a');
  assert.equal(step(scene, 'relu1_a', 'down'), 'ip2_a');
  assert.equal(step(scene, 'relu1_a', 'up'), 'ip1_a');
  assert.equal(step(scene, 'ip1_a', 'right'), 'ip1_b');
  assert.equal(step(scene, 'ip1_b', 'left'), 'ip1_a');
  assert.equal(step(scene, 'loss', 'down'), null);
});

test('a renamed layer keeps its place: by the origin of its weights, else by its place in the file', () => {
  const { scene, model } = sceneOf(twinsGraph());
  const graph = twinsGraph();
  const renamed = graph.layers.map((layer) =>
    layer.key === 'conv2_a' ? { ...layer, key: 'features', name: 'features', origin: 'conv2_a', chunk: 99 }
    : layer.key === 'loss' ? { ...layer, key: 'cost', name: 'cost' }
    : layer,
  );
  const key = (/** @type {string} */ old) => ({ conv2_a: 'features', loss: 'cost' })[old] ?? old;
  model.setGraph({ ...graph, layers: renamed, edges: graph.edges.map((edge) => ({ ...edge, source: key(edge.source), target: key(edge.target) })) });
  const from = carryOver(scene, model);
  assert.ok(from.every((o) => o >= 0));
  const { input } = arrange(model, meter, theme);
  const now = layoutGraph({ ...input, hints: hintsFrom(scene, model, from) });
  from.forEach((o, i) => assert.equal(now.x[i], scene.layout.x[o]));
});

test('the first copy keeps the place of what was copied, also where the file was rewritten on the way', () => {
  const trunk = ['data', 'pool1', 'pool2', 'pool3'].map((name, i, all) => ({ name, type: i ? 'Pooling' : 'Input', bottoms: i ? [all[i - 1]] : [] }));
  const { scene, model } = sceneOf(graphOf(trunk));
  const pools = ['a', 'b'].flatMap((copy) => trunk.slice(1).map(({ name, type }, i) => ({ name: `${name}_${copy}`, type, bottoms: [i ? `${trunk[i].name}_${copy}` : 'data'] })));
  const after = graphOf([trunk[0], ...pools]);
  model.setGraph({ ...after, layers: after.layers.map((layer) => ({ ...layer, chunk: layer.chunk - 2 })) });
  assert.deepEqual([...carryOver(scene, model)], [0, 1, 2, 3, -1, -1, -1]);
});

test('zooming keeps the point under the pointer', () => {
  const camera = new Camera();
  Object.assign(camera, { width: 800, height: 600, x: 10, y: 20 });
  const before = camera.toWorld(300, 200);
  camera.zoomAt(1.7, 300, 200);
  const after = camera.toWorld(300, 200);
  assert.ok(Math.hypot(before.x - after.x, before.y - after.y) < 1e-9);
});

test('a fitted box lies within the view, above the tools', () => {
  const camera = new Camera();
  Object.assign(camera, { width: 800, height: 600, foot: 32 });
  const box = { minX: -500, minY: 0, maxX: 2500, maxY: 9000 };
  camera.fit(box);
  const view = camera.view();
  assert.ok(view.minX <= box.minX && view.maxX >= box.maxX && view.minY <= box.minY);
  assert.ok(camera.toScreen(0, box.maxY).y <= 600 - 32);
});

test('a flight starts and ends where it should', () => {
  const [a, b] = [{ x: 0, y: 0, zoom: 1 }, { x: 900, y: 50, zoom: 0.25 }];
  const start = between(a, b, 0, 800, 600);
  assert.ok(Math.hypot(start.x - a.x, start.y - a.y) < 1e-9 && start.zoom === 1);
  assert.deepEqual(between(a, b, 1, 800, 600), b);
});

test('a long edge takes the nearest lane that no card blocks', () => {
  assert.equal(freeLane([], 10, 30), 20);
  assert.equal(freeLane([{ lo: -100, hi: 100 }], 0, 10), 118);
  assert.equal(freeLane([{ lo: -100, hi: 100 }, { lo: 130, hi: 300 }], 60, 60), -118);
  assert.equal(freeLane([{ lo: -100, hi: 100 }, { lo: 160, hi: 300 }], 60, 60), 118);
});

test('cut texts fit and keep both ends', () => {
  const cut = meter.cut('inception_3a/3x3_reduce', 'f', 80);
  assert.ok(cut.length * 6 <= 80 && cut.startsWith('inc') && cut.endsWith('e') && cut.includes('…'));
  assert.equal(meter.cut('short', 'f', 80), 'short');
  assert.equal(meter.cut('anything', 'f', 3), '');
});

test('colours are read and mixed', () => {
  assert.deepEqual(parseColour('#fff'), [255, 255, 255]);
  assert.deepEqual(parseColour('rgb(1, 2, 3)'), [1, 2, 3]);
  assert.equal(mix('#000000', '#ffffff', 0.5), 'rgb(128, 128, 128)');
});

test('an unknown shape and an empty graph are drawn without complaint', () => {
  const { scene } = sceneOf(graphOf([{ name: 'a', type: 'Mystery', tops: ['x', 'y', 'z', 'w'], blobs: [] }]));
  assert.equal(scene.boxes[0].foot.length, 0);
  assert.equal(sceneOf(graphOf([])).scene.boxes.length, 0);
});

test('of cards that lie over each other the one that is seen is hit: the one that was moved there', () => {
  const { model, scene, input } = sceneOf(twinsGraph());
  const [under, over] = ['conv2_b', 'conv1_a'];
  const [from, to] = [scene.layerRect(over), scene.layerRect(under)];
  assert.ok(from && to);
  model.setMoves('down', new Map([[over, /** @type {const} */ ([to.x - from.x + 20, to.y - from.y + 10])]]));
  const after = new Scene(model, scene.set, scene.boxes, scene.plain, input.direction, () => 0);
  const { x, y } = middle(after, over);
  assert.deepEqual(hitTest(after, x, y, 1), { kind: 'row', card: after.set.cardOf.get(over), key: over });
  assert.equal(after.cardsIn({ minX: x, minY: y, maxX: x, maxY: y }).at(-1), after.set.cardOf.get(over));
});
