import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { CANVAS_KEYS } from '../canvas/keys.js';

test("the documentation's table has every key of the canvas", () => {
  const page = readFileSync(new URL('../../docs/editor.md', import.meta.url), 'utf8');
  const titles = CANVAS_KEYS.map(({ title }) => title.replace(/ and select it too$/, ''));
  assert.deepEqual(titles.filter((title) => !page.includes(`| ${title} |`)), []);
});

test('no two commands of the canvas want the same key, but on an edge', () => {
  for (const onEdge of [true, false]) {
    const keys = CANVAS_KEYS.filter(({ edge }) => Boolean(edge) === onEdge).flatMap((command) => command.keys);
    assert.deepEqual(keys.filter((key, i) => keys.indexOf(key) !== i), []);
  }
});
