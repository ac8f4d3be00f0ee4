import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PastLayouts } from '../canvas/past-layouts.js';
import { layoutGraph } from '../layout/layered.js';
import { inputOf } from './layout-checks.js';
import { syntheticGraph } from './nets.js';

/** @param {number} layers */
function arranged(layers) {
  const { input, cards } = inputOf(syntheticGraph(layers));
  return { input, ids: cards.map((card) => card.id), layout: layoutGraph(input) };
}

test('what was there before stands where it stood when it comes back, whatever came between', () => {
  const past = new PastLayouts();
  const [before, after] = [arranged(40), arranged(60)];
  past.keep(before.ids, before.input, before.layout);
  past.keep(after.ids, after.input, after.layout);
  const again = arranged(40);
  assert.equal(past.of(again.ids, again.input), before.layout);
});

test('of other sizes, other names, and of what is long past, nothing is known', () => {
  const past = new PastLayouts();
  const { input, ids, layout } = arranged(40);
  past.keep(ids, input, layout);
  assert.equal(past.of(ids, { ...input, widths: Array.from(input.widths, (width) => width + 8) }), null);
  assert.equal(past.of(ids.map((id) => `${id}_a`), input), null);
  for (let i = 0; i < 20; i++) past.keep([String(i)], input, { ...layout });
  assert.equal(past.of(ids, input), null);
});
