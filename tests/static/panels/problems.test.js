/** The list of problems in parts, and what is fixed together, without any page. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fixKinds, fixOfKind, together } from '../../../static/panels/fixes.js';
import { byPhase, sought } from '../../../static/panels/problem-lists.js';
import { problem, unshare } from './findings.js';

test('problems of one kind are mended together, each fix once', () => {
  const problems = ['a', 'a', 'b'].map((layer) => problem({ layer, fixes: [unshare(layer)] }));
  const [kind, ...others] = fixKinds(problems);
  assert.equal(others.length, 0);
  assert.equal(kind?.title, 'Unshare all of these');
  assert.deepEqual(kind?.fixes, [unshare('a'), unshare('b')]);
  assert.deepEqual(fixKinds(problems.slice(0, 2)), []);
});

test('a fix that has no name of its own for many is made for all of them too', () => {
  const problems = ['a', 'b'].map((layer) => problem({ fixes: [{ title: 't', operations: [{ op: /** @type {const} */ ('set_field'), layer, path: 'name', value: null }] }] }));
  assert.equal(fixKinds(problems)[0]?.title, 'Fix all of these');
});

test('the fix of a problem and of all of its kind leaves other codes alone', () => {
  const [a, b, other] = [problem({ fixes: [unshare('a')] }), problem({ fixes: [unshare('b')] }), problem({ code: 'y', fixes: [unshare('c')] })];
  const kind = fixOfKind([a, b, other], a);
  assert.deepEqual(kind, together({ title: 'Unshare all of these', fixes: [unshare('a'), unshare('b')] }));
  assert.deepEqual(fixOfKind([a, b, other], other), unshare('c'));
  assert.equal(fixOfKind([a], problem({})), null);
});

test('what both phases have comes before what only one has', () => {
  const [both, test_, train, net] = [['TRAIN', 'TEST'], ['TEST deploy', 'TEST'], ['TRAIN'], []].map((states) => problem({ states }));
  assert.deepEqual(byPhase([test_, both, train, net]), [
    { phase: '', problems: [both, net] },
    { phase: 'TRAIN', problems: [train] },
    { phase: 'TEST', problems: [test_] },
  ]);
});

test('problems are sought by words in any order, and by the phase that has them', () => {
  const [shared, named] = [problem({ code: 'mismatched-lr-mult', layer: 'conv1_b', states: ['TRAIN'] }), problem({ message: 'Reads nothing', layer: 'conv1_a', states: ['TEST'] })];
  assert.deepEqual(sought([shared, named], 'lr conv1', ''), [shared]);
  assert.deepEqual(sought([shared, named], 'CONV1', ''), [shared, named]);
  assert.deepEqual(sought([shared, named, problem({})], '', 'TEST'), [named, problem({})]);
});
