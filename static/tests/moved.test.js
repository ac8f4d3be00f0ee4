import assert from 'node:assert/strict';
import { test } from 'node:test';

import { inside } from '../canvas/lasso.js';
import { moveFurther, withMoves } from '../canvas/moved.js';

const SET = /** @type {any} */ ({
  cards: [{ id: 'a' }, { id: 'b' }],
  edges: [{ source: 0, target: 1 }],
});
const BOXES = [{ width: 10, height: 10 }, { width: 10, height: 10 }];
const LAYOUT = /** @type {any} */ ({
  x: Float64Array.of(0, 0),
  y: Float64Array.of(0, 100),
  points: Float64Array.of(0, 5, 0, 50, 0, 95),
  starts: Int32Array.of(0, 3),
  bounds: { minX: -5, minY: -5, maxX: 5, maxY: 105 },
});

test('a moved card takes the ends of its edges along and widens the picture', () => {
  const moved = withMoves(LAYOUT, SET, BOXES, new Map([['b', [40, 20]]]));
  assert.deepEqual([...moved.x], [0, 40]);
  assert.deepEqual([...moved.y], [0, 120]);
  assert.deepEqual([...moved.points], [0, 5, 20, 60, 40, 115]);
  assert.deepEqual(moved.bounds, { minX: -5, minY: -5, maxX: 45, maxY: 125 });
  assert.deepEqual([...LAYOUT.x], [0, 0]);
  assert.equal(withMoves(LAYOUT, SET, BOXES, new Map([['gone', [1, 1]]])), LAYOUT);
});

test('moves add up, and a card that is back in its place is forgotten', () => {
  const once = moveFurther(new Map(), ['a', 'b'], 10.4, -5);
  assert.deepEqual([...once], [['a', [10, -5]], ['b', [10, -5]]]);
  assert.deepEqual([...moveFurther(once, ['a'], -10, 5)], [['b', [10, -5]]]);
});

test('what a lasso goes around', () => {
  const line = [{ x: 0, y: 0 }, { x: 10, y: 0 }, { x: 10, y: 10 }, { x: 5, y: 4 }, { x: 0, y: 10 }];
  assert.equal(inside(line, 2, 3), true);
  assert.equal(inside(line, 5, 8), false);
  assert.equal(inside(line, 12, 3), false);
});
