import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changesOf, countOf, diffRows } from '../model/diff.js';

const DIFF = [
  '--- net before', '+++ net after',
  '@@ -10,3 +10,3 @@', ' layer {', '-  param { lr_mult: 1 }', '+  param { lr_mult: 10 }', ' }',
  '@@ -40,2 +40,0 @@', '--- name: "gone"', '-}',
  '@@ -60,0 +59,2 @@', '+++ name: "new"', '+}',
].join('\n');

/** @param {import('../model/diff.js').DiffRow} row */
const changed = ({ text, words }) => words.map(([from, to]) => text.slice(from, to));

test('rows of a diff carry the lines of both texts, and what lies between them', () => {
  const rows = diffRows(DIFF);
  assert.deepEqual(
    rows.map(({ kind, old, now }) => [kind, old, now]),
    [
      ['gap', 9, 10], ['same', 10, 10], ['removed', 11, null], ['added', null, 11], ['same', 12, 12],
      ['gap', 28, 41], ['removed', 40, null], ['removed', 41, null],
      ['gap', 18, 59], ['added', null, 59], ['added', null, 60],
    ],
  );
});

test('lines that begin like the head of a diff are lines', () => {
  const rows = diffRows(DIFF);
  assert.equal(rows[6]?.text, '-- name: "gone"');
  assert.deepEqual([countOf(rows, 'added'), countOf(rows, 'removed')], [3, 3]);
});

test('of a changed line the changed words are marked', () => {
  const rows = diffRows(DIFF);
  assert.deepEqual(rows.slice(2, 4).map(changed), [['1'], ['10']]);
});

test('a line that was replaced by another is not marked word by word', () => {
  const rows = diffRows(['@@ -1,1 +1,1 @@', '-  bottom: "data"', '+weight_filler { type: "xavier" }'].join('\n'));
  assert.deepEqual(rows.map(changed), [[], []]);
});

test('lines without a partner are not marked', () => {
  const rows = diffRows(['@@ -1,1 +1,2 @@', '-  lr_mult: 1', '+  lr_mult: 2', '+  decay_mult: 0'].join('\n'));
  assert.deepEqual(rows.map(changed), [[], [], []]);
});

test('each run of changes is one to go to', () => {
  assert.deepEqual(changesOf(diffRows(DIFF)), [2, 6, 9]);
});

test('no diff has no rows', () => {
  assert.deepEqual(diffRows(''), []);
});
