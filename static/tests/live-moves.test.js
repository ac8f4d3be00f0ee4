import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mergeMoves, movedHere } from '../commands/layout.js';

/** @param {Record<string, [number, number]>} entries @returns {Map<string, [number, number]>} */
const moves = (entries) => new Map(Object.entries(entries));

test('only what was moved here is sent', () => {
  const here = movedHere(moves({ a: [1, 1], b: [2, 2], c: [3, 3] }), moves({ a: [1, 1], b: [5, 5], d: [4, 4] }));
  assert.deepEqual([...here].sort(), [['b', [5, 5]], ['c', null], ['d', [4, 4]]]);
});

test('what two people moved is both moved', () => {
  const merged = mergeMoves(moves({ a: [1, 1] }), moves({ a: [1, 1], b: [2, 2] }), moves({ a: [1, 1], c: [3, 3] }));
  assert.deepEqual([...merged].sort(), [['a', [1, 1]], ['b', [2, 2]], ['c', [3, 3]]]);
});

test('a card that both moved is where it is here', () => {
  assert.deepEqual([...mergeMoves(moves({}), moves({ a: [1, 1] }), moves({ a: [2, 2] }))], [['a', [1, 1]]]);
});

test('a card that was put back elsewhere is back here, too', () => {
  assert.deepEqual([...mergeMoves(moves({ a: [1, 1] }), moves({ a: [1, 1] }), moves({}))], []);
});
