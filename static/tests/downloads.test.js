/** Downloads are taken in as they come, under the name that the server gives. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { nameIn, taken } from '../api/downloads.js';

/** @param {number} pieces each of 1,000 bytes */
function body(pieces) {
  let left = pieces;
  return new ReadableStream({
    pull(controller) {
      if (left-- > 0) controller.enqueue(new Uint8Array(1000).fill(left));
      else controller.close();
    },
  });
}

test('a body comes whole and of its type', async () => {
  const response = new Response(body(3), { headers: { 'Content-Type': 'application/zip' } });
  const blob = await taken(response, 3000);
  assert.equal(blob.type, 'application/zip');
  const bytes = new Uint8Array(await blob.arrayBuffer());
  assert.deepEqual([bytes.length, bytes[0], bytes[1000], bytes[2000]], [3000, 2, 1, 0]);
});

test('progress is told in hundredths at most', async () => {
  /** @type {number[]} */
  const told = [];
  await taken(new Response(body(1000)), 1e6, (fraction) => told.push(fraction));
  assert.ok(told.length <= 100, `${told.length}`);
  assert.ok(told.every((fraction, at) => fraction > (told[at - 1] ?? 0)));
  assert.equal(told.at(-1), 1);
});

test('a body of unknown size tells no progress', async () => {
  await taken(new Response(body(10)), 0, () => assert.fail());
});

test('a body that breaks off is said to have done so', async () => {
  const broken = new ReadableStream({
    pull(controller) {
      controller.error(new TypeError('network error'));
    },
  });
  await assert.rejects(taken(new Response(broken), 10), { name: 'ApiProblem', message: /broke off/ });
});

test('a name beyond ASCII is read from the extended form', () => {
  assert.equal(nameIn(`attachment; filename="net.zip"; filename*=UTF-8''n%C3%A9t.zip`), 'nét.zip');
  assert.equal(nameIn('attachment; filename="net.zip"'), 'net.zip');
  assert.equal(nameIn('attachment'), '');
});
