import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MOST_NETS, ViewMemory } from '../commands/views.js';
import { GraphModel } from '../model/graph-model.js';
import { DEFAULT_VIEW } from '../model/view-settings.js';
import { graphOf } from './nets.js';

/** @param {string} [content] */
function storage(content) {
  const kept = new Map(content === undefined ? [] : [['netgraft.views', content]]);
  return { getItem: (/** @type {string} */ key) => kept.get(key) ?? null, setItem: (/** @type {string} */ key, /** @type {string} */ value) => void kept.set(key, value) };
}

test('switches, camera and filter of a net come back from the store', () => {
  const store = storage();
  const memory = new ViewMemory(store);
  memory.keep('a', { settings: { ...DEFAULT_VIEW, direction: 'right', collapsed: new Set(['inc/']) } });
  memory.keep('a', { place: { x: 1, y: 2, zoom: 0.5 } });
  memory.keep('a', { filter: 'conv' });
  const later = new ViewMemory(store);
  const { settings, place } = later.recall('a');
  assert.equal(settings.direction, 'right');
  assert.deepEqual(settings.collapsed, new Set(['inc/']));
  assert.equal(settings.fold, true);
  assert.deepEqual(place, { x: 1, y: 2, zoom: 0.5 });
  assert.equal(later.filter('a'), 'conv');
});

test('a net that is not remembered is shown as any is first', () => {
  const { settings, place } = new ViewMemory(storage()).recall('new');
  assert.equal(settings.direction, DEFAULT_VIEW.direction);
  assert.equal(place, null);
});

test('only the nets looked at last are remembered', () => {
  const store = storage();
  const memory = new ViewMemory(store);
  for (let i = 0; i <= MOST_NETS; i++) memory.keep(`net${i}`, { filter: 'x' }, i);
  assert.equal(new ViewMemory(store).filter('net0'), '');
  assert.equal(new ViewMemory(store).filter('net1'), 'x');
});

test('what a store holds by mistake is passed over', () => {
  for (const content of ['', '[1]', '{"a":5}', '{"a":{"at":1,"settings":{"direction":"up","collapsed":[3]},"place":{"x":"1"},"filter":7}}']) {
    const memory = new ViewMemory(storage(content));
    assert.equal(memory.recall('a').settings.direction, 'down');
    assert.deepEqual(memory.recall('a').settings.collapsed, new Set());
    assert.equal(memory.recall('a').place, null);
    assert.equal(memory.filter('a'), '');
  }
});

test('a model turns to the remembered view with another net, and keeps its own with the same', () => {
  const memory = new ViewMemory(storage());
  memory.keep('b', { settings: { ...DEFAULT_VIEW, fold: false }, place: { x: 5, y: 6, zoom: 1 } });
  const model = new GraphModel();
  model.recall = (document) => memory.recall(document);
  model.setGraph(graphOf([{ name: 'x', type: 'Input' }], { document: 'b' }));
  assert.equal(model.settings.fold, false);
  assert.deepEqual(model.place, { x: 5, y: 6, zoom: 1 });
  model.setView({ fold: true });
  model.setGraph(graphOf([{ name: 'x', type: 'Input' }], { document: 'b', revision: 2 }));
  assert.equal(model.settings.fold, true);
});
