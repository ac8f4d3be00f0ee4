import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MOST_OPEN, OpenDocuments } from '../model/open-documents.js';

/** @param {string} [kept] */
function storeOf(kept) {
  const values = new Map(kept === undefined ? [] : [['netgraft.open', kept]]);
  return { getItem: (/** @type {string} */ key) => values.get(key) ?? null, setItem: (/** @type {string} */ key, /** @type {string} */ value) => void values.set(key, value) };
}

/** @param {OpenDocuments} open */
const ids = (open) => open.all.map(({ id }) => id).join('');

/** @param {string} letters @param {ReturnType<typeof storeOf>} [store] */
function opened(letters, store = storeOf()) {
  const open = new OpenDocuments(store);
  for (const id of letters) open.show({ id, name: `net ${id}` });
  return open;
}

test('nets stay open in the order in which they came, over a reload', () => {
  const store = storeOf();
  opened('abca', store).show({ id: 'b', name: 'renamed' });
  const again = new OpenDocuments(store);
  assert.equal(ids(again), 'abc');
  assert.equal(again.all[1]?.name, 'renamed');
});

test('a closed net gives its place to the next one, the last to the one before', () => {
  const open = opened('abc');
  assert.equal(open.close('b'), 'c');
  assert.equal(open.close('c'), 'a');
  assert.equal(open.close('a'), null);
  assert.equal(open.close('nobody'), null);
});

test('one goes round the open nets both ways', () => {
  const open = opened('abc');
  assert.deepEqual([open.beside('c', 1), open.beside('a', -1), open.beside('a', 1)], ['a', 'c', 'b']);
  assert.equal(open.beside(undefined, 1), 'a');
  assert.equal(new OpenDocuments(null).beside('a', 1), null);
});

test('nets that were deleted elsewhere are no longer open', () => {
  const open = opened('abc');
  open.prune(new Set(['a', 'c', 'z']));
  assert.equal(ids(open), 'ac');
});

test('of very many nets those opened last are kept', () => {
  const open = new OpenDocuments(storeOf());
  for (let i = 0; i <= MOST_OPEN; i++) open.show({ id: `${i}`, name: '' });
  assert.equal(open.all.length, MOST_OPEN);
  assert.equal(open.all[0]?.id, '1');
});

test('what nobody wrote is not read', () => {
  for (const kept of ['{', '3', '[1, null, {"id": 2}]']) assert.equal(ids(new OpenDocuments(storeOf(kept))), '');
});
