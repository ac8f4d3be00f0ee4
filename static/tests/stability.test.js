import assert from 'node:assert/strict';
import { test } from 'node:test';
import { layoutGraph } from '../layout/layered.js';
import { backward, inputOf, overlaps, throughNodes } from './layout-checks.js';
import { graphOf, syntheticGraph } from './nets.js';

/** @typedef {import('./nets.js').Sketch} Sketch */

/** @type {Sketch[]} */
const NET = [
  { name: 'data', type: 'Input' },
  { name: 'conv1', type: 'Convolution', bottoms: ['data'] },
  { name: 'pool1', type: 'Pooling', bottoms: ['conv1'] },
  { name: 'left', type: 'Convolution', bottoms: ['pool1'] },
  { name: 'right', type: 'Convolution', bottoms: ['pool1'] },
  { name: 'join', type: 'Concat', bottoms: ['left', 'right'] },
  { name: 'ip', type: 'InnerProduct', bottoms: ['join'] },
];

/** Lays out a net, then an edited one with the first as hint. @param {Sketch[] | import('../model/types.js').Graph} before @param {Sketch[] | import('../model/types.js').Graph} after */
function edit(before, after) {
  const first = inputOf(Array.isArray(before) ? graphOf(before) : before);
  const old = layoutGraph(first.input);
  const second = inputOf(Array.isArray(after) ? graphOf(after) : after);
  const was = new Map(first.cards.map((card, i) => [card.id, i]));
  const from = second.cards.map((card) => was.get(card.id) ?? -1);
  const edges = new Map(Array.from(first.input.sources, (source, e) => [`${source} ${first.input.targets[e]}`, e]));
  second.input.hints = {
    cross: from.map((o) => (o === -1 ? NaN : old.x[o])),
    starts: from.map((o) => (o === -1 ? NaN : old.y[o] - first.input.heights[o] / 2)),
    bends: Array.from(second.input.sources, (source, e) => {
      const edge = edges.get(`${from[source]} ${from[second.input.targets[e]]}`);
      return edge === undefined ? null : old.bends[edge];
    }),
  };
  const now = layoutGraph(second.input);
  assert.deepEqual(overlaps(second.input, now), []);
  assert.deepEqual(backward(second.input, now), []);
  assert.deepEqual(throughNodes(second.input, now), []);
  const moved = second.cards.filter((_, i) => from[i] !== -1 && (now.x[i] !== old.x[from[i]] || now.y[i] !== old.y[from[i]]));
  const place = (/** @type {string} */ id) => {
    const i = second.cards.findIndex((card) => card.id === id);
    return { x: now.x[i], y: now.y[i] };
  };
  return { moved: moved.map((card) => card.id), place, old, now };
}

test('nothing moves when nothing changes', () => {
  assert.deepEqual(edit(NET, NET).moved, []);
  assert.deepEqual(edit(syntheticGraph(600), syntheticGraph(600)).moved, []);
});

test('a layer appended at the end moves nothing', () => {
  const { moved, place } = edit(NET, [...NET, { name: 'prob', type: 'Softmax', bottoms: ['ip'] }]);
  assert.deepEqual(moved, []);
  assert.equal(place('prob').x, place('ip').x);
});

test('a twin of a branch comes beside it and moves nothing', () => {
  const twin = NET.slice(1, 3).map((layer) => ({ ...layer, name: `${layer.name}_b`, bottoms: layer.bottoms?.map((b) => (b === 'data' ? b : `${b}_b`)) }));
  const { moved, place } = edit(NET, [...NET, ...twin]);
  assert.deepEqual(moved, []);
  assert.ok(place('conv1_b').x > place('conv1').x);
  assert.equal(place('conv1_b').x, place('pool1_b').x);
  assert.equal(place('conv1_b').y, place('conv1').y);
});

test('a layer put into the trunk moves what is below it down and nothing sideways', () => {
  const inserted = NET.map((layer) => (layer.name === 'pool1' ? { ...layer, bottoms: ['relu'] } : layer));
  inserted.splice(2, 0, { name: 'relu', type: 'Pooling', bottoms: ['conv1'] });
  const { moved, now, old, place } = edit(NET, inserted);
  assert.ok(!moved.includes('conv1') && !moved.includes('data'));
  assert.equal(place('pool1').x, old.x[2]);
  assert.equal(now.x[3], old.x[2]);
});

test('a branch put between two others pushes only what is in its way', () => {
  const more = [...NET.slice(0, 5), { name: 'middle', type: 'Convolution', bottoms: ['pool1'] }, { ...NET[5], bottoms: ['left', 'right', 'middle'] }, NET[6]];
  const { moved } = edit(NET, more);
  assert.ok(moved.every((id) => id === 'right' || id === 'left'), moved.join());
});

test('a removed layer leaves the others where they were, but for the rows that close up', () => {
  const { now, old } = edit(NET, NET.filter((layer) => layer.name !== 'right').map((layer) => (layer.name === 'join' ? { ...layer, bottoms: ['left'] } : layer)));
  assert.deepEqual([...now.x.slice(0, 4)], [...old.x.slice(0, 4)]);
});

test('a layer that hangs on nothing comes beside all, wherever it stands in the file, and moves nothing', () => {
  const two = [{ name: 'train', type: 'Data' }, { name: 'test', type: 'Data' }, ...NET.slice(1, 3).map((layer, i) => (i ? layer : { ...layer, bottoms: ['train', 'test'] }))];
  const { moved, place } = edit(two, [{ name: 'more', type: 'Input' }, ...two]);
  assert.deepEqual(moved, []);
  assert.ok(place('more').x > place('test').x);
});

test('copies of a part with branches come whole, beside the part, and move nothing', () => {
  const branch = (/** @type {string} */ name, /** @type {string[]} */ bottoms) => ({ name, type: 'Convolution', bottoms });
  const module = (/** @type {string} */ s) => [
    ...['one', 'two', 'three', 'four'].map((name) => branch(`${name}${s}`, ['conv1'])),
    ...['two', 'three'].map((name) => branch(`${name}2${s}`, [`${name}${s}`])),
    { name: `out${s}`, type: 'Concat', bottoms: [`one${s}`, `two2${s}`, `three2${s}`, `four${s}`] },
  ];
  const head = NET.slice(0, 2);
  const tail = [{ name: 'ip', type: 'InnerProduct', bottoms: ['out'] }, { name: 'prob', type: 'Softmax', bottoms: ['ip'] }];
  const { moved, place } = edit([...head, ...module(''), ...tail], [...head, ...module(''), ...module('_b'), ...module('_c'), ...tail]);
  assert.deepEqual(moved, []);
  const span = (/** @type {string} */ s) => {
    const xs = module(s).map(({ name }) => place(name).x);
    return { left: Math.min(...xs), right: Math.max(...xs) };
  };
  assert.ok(span('').right < span('_b').left && span('_b').right < span('_c').left);
});

test('what joins a copy with its original stands between the two', () => {
  const twin = NET.slice(1).map((layer) => ({ ...layer, name: `${layer.name}_b`, bottoms: layer.bottoms?.map((b) => (b === 'data' ? b : `${b}_b`)) }));
  const { moved, place } = edit(NET, [...NET, ...twin, { name: 'both', type: 'Concat', bottoms: ['ip', 'ip_b'] }]);
  assert.deepEqual(moved, []);
  assert.ok(place('ip').x < place('both').x && place('both').x < place('ip_b').x);
});

test('a copy comes to the right of its original, also where what both read stands to the left', () => {
  /** @type {Sketch[]} */
  const net = [
    { name: 'far', type: 'Input' },
    { name: 'near', type: 'Input' },
    { name: 'side', type: 'Convolution', bottoms: ['near'] },
    { name: 'join', type: 'Concat', bottoms: ['far', 'near'] },
    { name: 'ip', type: 'InnerProduct', bottoms: ['join'] },
    { name: 'loss', type: 'SoftmaxWithLoss', bottoms: ['ip', 'side'] },
  ];
  const twin = net.slice(3, 5).map((layer) => ({ ...layer, name: `${layer.name}_b`, bottoms: layer.bottoms?.map((b) => (b === 'join' ? 'join_b' : b)) }));
  const { place } = edit(net, [...net, ...twin]);
  assert.ok(place('join_b').x > place('join').x && place('ip_b').x > place('ip').x);
});
