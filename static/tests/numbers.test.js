import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stepped } from '../model/numbers.js';

const WHOLE = { whole: true, unsigned: true };
const REAL = { whole: false, unsigned: false };

test('whole numbers go by one, and those without a sign not below nothing', () => {
  assert.equal(stepped('64', 1, WHOLE), '65');
  assert.equal(stepped('64', -1, { ...WHOLE, times: 10 }), '54');
  assert.equal(stepped('0', -1, WHOLE), null);
  assert.equal(stepped('0', -1, { whole: true, unsigned: false }), '-1');
});

test('other numbers go by one in their last place, as they are written', () => {
  assert.equal(stepped('0.01', 1, REAL), '0.02');
  assert.equal(stepped('0.01', -1, REAL), '0.00');
  assert.equal(stepped('0.50', 1, REAL), '0.51');
  assert.equal(stepped('1', 1, REAL), '2');
  assert.equal(stepped('1e-4', 1, REAL), '2e-4');
  assert.equal(stepped('2.5E3', -1, REAL), '2.4e3');
  assert.equal(stepped('-0.1', 1, { ...REAL, times: 10 }), '0.9');
});

test('what is no number has none after it', () => {
  for (const text of ['', 'wide', '0x10', '1 2', 'inf', '.']) assert.equal(stepped(text, 1, REAL), null, text);
  assert.equal(stepped('1.5', 1, WHOLE), null);
});
