import assert from 'node:assert/strict';
import { test } from 'node:test';
import { speed } from '../canvas/edge-pan.js';

test('near a border the view moves on, the faster the nearer, and in the middle it rests', () => {
  assert.equal(speed(400, 800), 0);
  assert.ok(speed(10, 800) < speed(30, 800) && speed(30, 800) < 0);
  assert.ok(speed(795, 800) > 0);
  assert.equal(speed(-500, 800), speed(0, 800));
});

test('a canvas that is all border stays where it is', () => {
  assert.equal(speed(2, 100), 0);
});
