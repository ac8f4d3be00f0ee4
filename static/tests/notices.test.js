import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Notices } from '../api/notices.js';

test('a notice that is read or aimed at does not go by itself, and goes once it is left', async () => {
  const notices = new Notices(() => {}, () => {}, 1);
  notices.add({ kind: 'ok', title: 'Deleted' });
  notices.hold(true);
  await new Promise((over) => setTimeout(over, 20));
  assert.equal(notices.shown.length, 1);
  notices.hold(false);
  assert.equal(notices.shown.length, 0);
});

test('what is no alert is read aloud', () => {
  /** @type {string[]} */
  const said = [];
  const notices = new Notices(
    () => {},
    (words) => said.push(words),
  );
  notices.add({ kind: 'warning', title: 'Late', detail: 'by a day' });
  notices.add({ kind: 'error', title: 'Lost' }); // an alert speaks for itself
  assert.deepEqual(said, ['Late by a day']);
});
