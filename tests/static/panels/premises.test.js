/** Telling solvers from nets, reading shapes, naming states: the parts around the solver and the sources that need no page. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { isSolver, topFields } from '../../../static/api/solver-text.js';
import { readShape } from '../../../static/panels/rates.js';
import { meant, mentioned, refusalIn, stateLabel } from '../../../static/panels/states.js';

test('a solver is told from a net by its own fields, wherever braces, quotes and comments stand', () => {
  assert.ok(isSolver('net: "a.prototxt"\nbase_lr: 0.01'));
  assert.ok(isSolver('# layer {\nbase_lr:0.1 train_state { stage: "x}" }'));
  assert.ok(isSolver("net_param { layer { name: 'a' } } max_iter: 5"));
  assert.ok(!isSolver('name: "n" layer { name: "base_lr: 1" type: "ReLU" }'));
  assert.ok(!isSolver('layers { blobs_lr: 1 } base_lr: 1'));
  assert.ok(!isSolver('input: "data" input_dim: 1'));
  assert.ok(!isSolver('name: "weight_decay: 1"'));
  assert.ok(!isSolver('layer { param { lr_mult: 1 } } '));
  assert.ok(!isSolver(''));
  assert.deepEqual([...topFields('a: 1 b { c: 2 } d < e: 3 > f: "g: {" h: 4')], ['a', 'b', 'd', 'f', 'h']);
});

test('a shape is three whole numbers from 1 on', () => {
  assert.deepEqual(readShape(['3', ' 28', '28 ']), [3, 28, 28]);
  for (const wrong of [['3', '28'], ['3', '28', ''], ['3', '0', '1'], ['3', '1.5', '1'], ['3', '-1', '1'], ['3', '1e3', '1'], ['1', '1', '2147483648']])
    assert.equal(readShape(wrong), null, wrong.join());
});

test('states are named as the server names them', () => {
  assert.equal(stateLabel({ phase: 'TRAIN', level: 0, stages: [] }), 'TRAIN');
  assert.equal(stateLabel({ phase: 'TEST', level: 2, stages: ['val', 'deploy'] }), 'TEST deploy val level 2');
  const states = [
    { phase: /** @type {const} */ ('TRAIN'), level: 0, stages: [] },
    { phase: /** @type {const} */ ('TRAIN'), level: 0, stages: ['deploy'] },
    { phase: /** @type {const} */ ('TEST'), level: 0, stages: ['deploy'] },
    { phase: /** @type {const} */ ('TEST'), level: 3, stages: [] },
  ];
  assert.deepEqual(mentioned(states), { stages: ['deploy'], levels: [0, 3] });
  assert.deepEqual(mentioned(states.slice(0, 1)), { stages: [], levels: [] });
});

test("a solver's error is no refusal of the net", () => {
  const problem = { code: 'x', severity: /** @type {const} */ ('error'), message: '', caffe_message: null, layer: null, blob: null, line: 1, column: 1, end_line: 1, end_column: 1, fixes: [] };
  const solver = { ...problem, states: [], file: 'solver.prototxt' };
  const net = { ...problem, states: ['TEST deploy'] };
  assert.equal(refusalIn([solver, net], 'TRAIN'), null);
  assert.equal(refusalIn([solver, net], 'TEST deploy'), net);
});

test('what only holds in a phase that the file has no net for is told to those who look at that phase', () => {
  const found = (/** @type {string[]} */ states) => /** @type {any} */ ({ severity: 'error', states });
  const both = found(['TRAIN', 'TEST']);
  const test = found(['TEST', 'TEST deploy']);
  const graph = (/** @type {'TRAIN' | 'TEST'} */ phase) => ({
    diagnostics: [both, test],
    state: { phase, level: 0, stages: [] },
    not_meant: /** @type {const} */ ('TEST'),
  });
  assert.deepEqual(meant(graph('TRAIN')), [both]);
  assert.deepEqual(meant(graph('TEST')), [both, test]);
  assert.deepEqual(meant({ ...graph('TRAIN'), not_meant: null }), [both, test]);
});
