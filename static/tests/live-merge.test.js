import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyChanges, changesBetween, mergeInto } from '../text/merge.js';

/** @param {string} name @param {string} [inside] */
const layer = (name, inside = '') => `layer {\n  name: "${name}"\n  type: "ReLU"\n${inside}}\n`;
/** @param {...string} layers */
const net = (...layers) => layers.join('');

test('changes make one text of another, whatever the texts', () => {
  let seed = 7;
  /** @param {number} n */
  const random = (n) => (seed = (seed * 48271) % 2147483647) % n;
  const some = () => Array.from({ length: random(12) }, () => ['a', 'b', 'c', '', 'layer {', '}'][random(6)]).join('\n') + ['', '\n'][random(2)];
  for (let round = 0; round < 3000; round++) {
    const [before, after] = [some(), some()];
    const changes = changesBetween(before, after);
    assert.equal(applyChanges(before, changes), after, JSON.stringify([before, after, changes]));
    changes.slice(1).forEach((change, i) => assert.ok(changes[i].to <= change.from));
  }
});

test('what lies between two changes is left alone', () => {
  const before = net(layer('a'), layer('b'), layer('c'));
  const after = before.replace('"a"', '"x"').replace('"c"', '"y"');
  assert.deepEqual(changesBetween(before, after).map(({ insert }) => insert), ['x', 'y']);
});

test('long texts with changes at both ends are compared in a moment', () => {
  const many = Array.from({ length: 20_000 }, (_, i) => layer(`l${i}`)).join('');
  const after = many.replace('"l0"', '"first"').replace('"l19999"', '"last"');
  assert.equal(changesBetween(many, after).length, 2);
});

test('texts with nothing in common are one change', () => {
  const before = Array.from({ length: 4000 }, (_, i) => `a${i}\n`).join('');
  const after = Array.from({ length: 4000 }, (_, i) => `b${i}\n`).join('');
  assert.equal(applyChanges(before, changesBetween(before, after)), after);
});

test('what is typed in one layer and what others change in another are both there', () => {
  const base = net(layer('a'), layer('b'), layer('c'));
  const mine = base.replace('"b"', '"mine"');
  const theirs = base.replace('"a"', '"theirs, longer"').replace('"c"', '"also theirs"');
  const changes = mergeInto(base, mine, theirs);
  assert.ok(changes);
  const merged = applyChanges(mine, changes);
  assert.equal(merged, net(layer('theirs, longer'), layer('mine'), layer('also theirs')));
});

test('half a layer that is being typed stays where it is', () => {
  const base = net(layer('a'), layer('b'));
  const mine = `${base}layer { name: "ne`;
  const theirs = base.replace('"a"', '"theirs"');
  assert.equal(applyChanges(mine, mergeInto(base, mine, theirs) ?? []), `${theirs}layer { name: "ne`);
});

test('layers that others put in or take out elsewhere leave what is typed', () => {
  const base = net(layer('a'), layer('b'), layer('c'), layer('d'));
  const mine = base.replace('"d"', '"mine"');
  const theirs = net(layer('a'), layer('new'), layer('b'), layer('d'));
  assert.equal(applyChanges(mine, mergeInto(base, mine, theirs) ?? []), net(layer('a'), layer('new'), layer('b'), layer('mine')));
});

test('both in one layer cannot be brought together', () => {
  const base = net(layer('a', '  loss_weight: 1\n'), layer('b'));
  assert.equal(mergeInto(base, base.replace('"a"', '"mine"'), base.replace('weight: 1', 'weight: 2')), null);
});

test('a layer that others took out while one types in it cannot be brought together', () => {
  const base = net(layer('a'), layer('b'));
  assert.equal(mergeInto(base, base.replace('"a"', '"mine"'), layer('b')), null);
});

test('nobody typed: what others did is taken as it is', () => {
  const base = net(layer('a'), layer('b'));
  const theirs = net(layer('b'), layer('a'));
  assert.equal(applyChanges(base, mergeInto(base, base, theirs) ?? []), theirs);
});
