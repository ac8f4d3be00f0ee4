/** The panels' small pure parts: rates, keys, windows of long lists, excerpts, words. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { copyKeys, copySources, excerpt } from '../../../static/panels/duplicate/preview.js';
import { fixesOnce } from '../../../static/panels/fixes.js';
import { commandOf } from '../../../static/panels/keyboard.js';
import { multiplierFor, rateProblem, readRate } from '../../../static/panels/rates.js';
import { visibleRows } from '../../../static/panels/window.js';
import { essence, shortCount } from '../../../static/panels/words.js';
import { problem, unshare } from './findings.js';
import { chain } from './nets.js';

test('a rate is a number or nothing', () => {
  assert.equal(readRate(' 0.1 '), 0.1);
  assert.equal(readRate('1e-3'), 0.001);
  assert.equal(readRate(''), null);
  assert.equal(rateProblem(''), null);
  assert.equal(rateProblem('10'), null);
  assert.equal(rateProblem('ten'), 'Not a number');
  assert.equal(rateProblem('1e39'), 'Too large for a 32-bit float');
});

test('an effective rate is divided by the solver\'s own', () => {
  assert.equal(multiplierFor('0.003', 0.001), 3);
  assert.equal(multiplierFor('1', 3), 0.333333);
  assert.equal(multiplierFor('0', 0.1), 0);
  assert.equal(multiplierFor('', 0.1), null);
  assert.equal(multiplierFor('fast', 0.1), null);
  assert.equal(multiplierFor('1', 0), null);
});

const plain = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };
/** @param {string} key @param {object} [more] */
const event = (key, more = {}) => /** @type {KeyboardEvent} */ ({ ...plain, key, ...more });
const nowhere = { typing: false, dialog: false };

test('keys are commands, but fields and dialogs keep theirs', () => {
  assert.equal(commandOf(event('z', { ctrlKey: true }), nowhere), 'undo');
  assert.equal(commandOf(event('Z', { ctrlKey: true, shiftKey: true }), nowhere), 'redo');
  assert.equal(commandOf(event('z', { ctrlKey: true }), { ...nowhere, typing: true }), null);
  assert.equal(commandOf(event('d', { metaKey: true }), nowhere), 'duplicate');
  assert.equal(commandOf(event('Delete'), nowhere), 'delete');
  assert.equal(commandOf(event('Delete'), { ...nowhere, typing: true }), null);
  assert.equal(commandOf(event('f', { ctrlKey: true }), { ...nowhere, dialog: true }), null);
  assert.equal(commandOf(event('x'), nowhere), null);
});

test('of ten thousand rows a screenful is drawn, and the rest is empty space', () => {
  const { first, last, before, after } = visibleRows(100_000, 600, 28, 10_000);
  assert.ok(last - first < 60);
  assert.equal(before + (last - first) * 28 + after, 280_000);
  assert.deepEqual(visibleRows(0, 600, 28, 3), { first: 0, last: 3, before: 0, after: 0 });
});

test('an excerpt keeps the copies and what they touch', () => {
  const small = excerpt(chain(), ['ip1']);
  assert.deepEqual(
    small.layers.map((layer) => layer.key),
    ['bn1', 'ip1', 'loss'],
  );
  assert.equal(small.edges.length, 2);
});

test('a fix that two problems share is offered once', () => {
  const twins = fixesOnce([problem({ fixes: [unshare('a')] }), problem({ fixes: [unshare('a')] })]);
  assert.deepEqual(
    twins.map(({ fixes }) => fixes.length),
    [1, 0],
  );
});

test('a report tells which layers are copies, and of what', () => {
  const copy = {
    copy_number: 2,
    source: 'ip1',
    name: 'ip1_b',
    type: 'InnerProduct',
    key: 'ip1_b~2',
    weights_from: null,
    blobs: [],
  };
  const report = {
    title: '',
    summary: [],
    upgraded: [],
    copies: [copy],
    added: ['ip1_b~2', 'join'],
    renamed: [],
    notes: [],
  };
  assert.deepEqual(copyKeys(report), ['ip1_b~2', 'join']);
  assert.deepEqual([...copySources(report)], [['ip1_b~2', 'ip1']]);
});

test('the status line leaves out the condition that Caffe printed', () => {
  const words =
    "Check failed: param_spec->lr_mult() == params_lr_[learnable_param_id] (10 vs. 1) Shared param 'ip1_w' has mismatched lr_mult.";
  assert.equal(essence(words), "Shared param 'ip1_w' has mismatched lr_mult.");
  assert.equal(
    essence("Unknown bottom blob 'x' (layer 'y', bottom index 0)"),
    "Unknown bottom blob 'x' (layer 'y', bottom index 0)",
  );
  assert.equal(essence('Check failed: a == b (1 vs. 2) '), 'a == b (1 vs. 2) ');
});

test('large counts are short and never in powers', () => {
  const said = [9_999, 10_000, 431_080, 999_949_999, 999_950_000, 1.1e12, 7e17].map(shortCount);
  assert.deepEqual(said.slice(1), ['10.0k', '431k', '1.00G', '1.00G', '1.10T', '700P']);
});
