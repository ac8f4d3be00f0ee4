import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { buildGrid } from '../layout/grid.js';
import { layoutGraph } from '../layout/layered.js';
import { crossings, orderRows } from '../layout/order.js';
import { backward, inputOf, overlaps, randomInput, throughNodes } from './layout-checks.js';
import { graphOf, recordedGraph, syntheticGraph, twinsGraph } from './nets.js';

const shared = process.env.NETGRAFT_SHARED ?? fileURLToPath(new URL('../../../shared', import.meta.url));
const recorded = readFileSync(`${shared}/conformance/nets.jsonl`, 'utf8')
  .split('\n')
  .filter(Boolean)
  .map((line) => JSON.parse(line))
  .filter((record) => record.runs.some((/** @type {any} */ run) => run.ok && run.layers.length > 8))
  .map((record) => ({ id: record.id, graph: recordedGraph(record) }));

/** @param {import('../layout/types.js').LayoutInput} input @param {string} what */
function assertSound(input, what) {
  const result = layoutGraph(input);
  assert.deepEqual(overlaps(input, result), [], `${what}: nodes overlap`);
  assert.deepEqual(backward(input, result), [], `${what}: an edge runs back`);
  assert.deepEqual(throughNodes(input, result), [], `${what}: an edge passes through a node`);
  for (let e = 0; e < result.stub.length; e++) {
    const [from, to] = [result.rank[input.sources[e]], result.rank[input.targets[e]]];
    assert.ok(from < to, `${what}: rank of edge ${e}`);
    assert.equal(result.stub[e] === 1, to - from > input.longEdge, `${what}: long edges, and no others, are stubs`);
  }
  return result;
}

test('recorded nets: nothing overlaps, every edge runs down and around the cards', () => {
  assert.ok(recorded.length > 30);
  for (const { id, graph } of recorded) {
    assertSound(inputOf(graph).input, id);
    assertSound(inputOf(graph, { fold: false }).input, `${id}, unfolded`);
    assertSound(inputOf(graph, { direction: 'right' }).input, `${id}, to the right`);
  }
});

test('random graphs are laid out soundly too', () => {
  for (let seed = 1; seed <= 25; seed++) assertSound(randomInput(seed, 20 + seed * 6), `seed ${seed}`);
});

test('the same net gives the same picture', () => {
  const { input } = inputOf(syntheticGraph(400));
  assert.deepEqual(layoutGraph(input), layoutGraph(input));
});

test('recorded nets have far fewer crossings than in file order, and the inception and residual ones none', () => {
  let naive = 0;
  let ours = 0;
  for (const { id, graph } of recorded) {
    const { grid } = buildGrid(inputOf(graph, { fold: false }).input);
    grid.rows.forEach((row) => row.sort((a, b) => a - b).forEach((v, i) => (grid.at[v] = i)));
    naive += crossings(grid);
    const { grid: ordered } = buildGrid(inputOf(graph, { fold: false }).input);
    orderRows(ordered);
    ours += crossings(ordered);
    if (/googlenet|resnet|squeezenet/.test(id)) assert.equal(crossings(ordered), 0, id);
  }
  assert.ok(ours * 10 <= naive, `${ours} crossings against ${naive}`);
});

test('random graphs have fewer crossings than in file order', () => {
  for (let seed = 1; seed <= 10; seed++) {
    const { grid } = buildGrid(randomInput(seed, 120));
    const before = crossings(grid);
    orderRows(grid);
    assert.ok(crossings(grid) <= before);
  }
});

test('the trunk of a residual net stands straight, its shortcuts beside it', () => {
  const record = recorded.find(({ id }) => id.includes('resnet-50-deploy') && id.includes('deep-residual'));
  assert.ok(record);
  const { input, cards } = inputOf(record.graph);
  const { x } = layoutGraph(input);
  const trunk = cards.flatMap((card, i) => (/branch1/.test(card.id) ? [] : [x[i]]));
  assert.equal(new Set(trunk).size, 1);
});

test('an inception module is centred between what it reads and its output', () => {
  const record = recorded.find(({ id }) => id.includes('144__caffe-bvlc-googlenet-deploy'));
  assert.ok(record);
  const { input, cards } = inputOf(record.graph);
  const { x } = layoutGraph(input);
  const at = (/** @type {string} */ id) => x[cards.findIndex((card) => card.id === id)];
  assert.equal(at('pool2/3x3_s2'), at('inception_3a/output'));
  assert.ok(at('inception_3a/1x1') < at('inception_3a/output') && at('inception_3a/pool_proj') > at('inception_3a/output'));
});

test('copies of a layer stand side by side, in file order', () => {
  const { input, cards } = inputOf(twinsGraph());
  const { x, y } = layoutGraph(input);
  const at = (/** @type {string} */ id) => cards.findIndex((card) => card.id === id);
  for (const name of ['conv1', 'pool1', 'ip1', 'ip2']) {
    assert.equal(y[at(`${name}_a`)], y[at(`${name}_b`)]);
    assert.ok(x[at(`${name}_a`)] < x[at(`${name}_b`)]);
  }
});

test('a net as deep as 10,000 layers stays as narrow as its widest module', () => {
  const small = layoutGraph(inputOf(syntheticGraph(200)).input).bounds;
  const large = layoutGraph(inputOf(syntheticGraph(10_000)).input).bounds;
  assert.ok(large.maxX - large.minX < 1.2 * (small.maxX - small.minX));
});

test('a cycle, a loop and no layers at all are survived', () => {
  const base = { widths: [100, 100, 100], heights: [50, 50, 50], ports: [0, 0, 0, 0], direction: /** @type {const} */ ('down'), longEdge: 8, stub: 29, hints: null };
  const cyclic = layoutGraph({ ...base, sources: [0, 1, 2, 1], targets: [1, 2, 0, 1] });
  assert.equal(new Set(cyclic.rank).size, 3);
  assert.ok(cyclic.points.every((value) => Number.isFinite(value)));
  assert.deepEqual(layoutGraph({ ...base, widths: [], heights: [], sources: [], targets: [], ports: [] }).bounds, { minX: 0, minY: 0, maxX: 0, maxY: 0 });
});

test('two nets in one file stand beside each other', () => {
  const graph = graphOf([
    { name: 'a', type: 'Input' }, { name: 'b', type: 'Convolution', bottoms: ['a'] },
    { name: 'c', type: 'Input' }, { name: 'd', type: 'Convolution', bottoms: ['c'] },
  ]);
  const { x, y } = assertSound(inputOf(graph).input, 'two nets');
  assert.deepEqual([x[0], x[2]], [x[1], x[3]]);
  assert.equal(y[0], y[2]);
});

test('copies stand far enough apart for a frame around each, and what is moved for it stays sound', () => {
  for (let seed = 1; seed <= 10; seed++) {
    const input = randomInput(seed, 80);
    input.clusters = Array.from(input.widths, (_, v) => (v < 20 ? -1 : v % 3));
    assertSound(input, `seed ${seed}`);
  }
  /** @type {import('./nets.js').Sketch[]} */
  const net = [{ name: 'data', type: 'Input' }];
  for (const s of ['_a', '_b', '_c']) {
    for (const name of ['one', 'two', 'three']) net.push({ name: `${name}${s}`, type: 'Convolution', bottoms: ['data'] });
    net.push({ name: `far${s}`, type: 'Convolution', bottoms: [`three${s}`] }, { name: `out${s}`, type: 'Concat', bottoms: [`one${s}`, `two${s}`, `far${s}`] });
  }
  const { input, cards } = inputOf(graphOf(net));
  cards.forEach(({ id }, i) => id.startsWith('far') && /** @type {number[]} */ (input.widths).fill(260, i, i + 1)); // as wide as to reach below its neighbour
  input.clusters = cards.map(({ id }) => ['a', 'b', 'c'].indexOf(id.at(-2) === '_' ? id.slice(-1) : ''));
  const { x } = assertSound(input, 'three copies');
  const edge = (/** @type {number} */ copy, /** @type {1 | -1} */ side) =>
    side * Math.max(...cards.flatMap((_, i) => (input.clusters?.[i] === copy ? side * x[i] + input.widths[i] / 2 : [])));
  for (const copy of [0, 1]) assert.ok(edge(copy + 1, -1) - edge(copy, 1) >= 35, `copy ${copy + 1}`);
});
