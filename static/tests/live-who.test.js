import assert from 'node:assert/strict';
import { test } from 'node:test';
import { COLOURS, Who, colourOf, coloursOf, initials } from '../api/who.js';

class Kept {
  #kept = new Map();
  /** @param {string} key @returns {string | null} */
  getItem(key) {
    return this.#kept.get(key) ?? null;
  }
  /** @param {string} key @param {string} value */
  setItem(key, value) {
    this.#kept.set(key, value);
  }
}

test('a guest is called the same the next time', () => {
  const local = new Kept();
  const first = new Who({ local, tab: new Kept(), reloaded: false });
  const second = new Who({ local, tab: new Kept(), reloaded: false });
  assert.match(first.name, /^Guest [A-Z][a-z]+$/);
  assert.equal(second.name, first.name);
});

test('each tab has an id of its own, a copied one too; one that is loaded anew keeps its id', () => {
  const [local, tab] = [new Kept(), new Kept()];
  const first = new Who({ local, tab, reloaded: false });
  assert.equal(new Who({ local, tab, reloaded: true }).client, first.client);
  assert.notEqual(new Who({ local, tab, reloaded: false }).client, first.client);
  assert.match(first.client, /^[A-Za-z0-9_-]{1,64}$/);
});

test('a name goes into a header whatever letters it has', () => {
  const me = new Who({ local: new Kept(), tab: null, reloaded: false });
  me.rename('Zoë 智');
  assert.deepEqual(me.headers, { 'Netgraft-Client': me.client, 'Netgraft-Author': 'Zo%C3%AB%20%E6%99%BA' });
});

test('steps made under an earlier name are still mine', () => {
  const me = new Who({ local: new Kept(), tab: null, reloaded: false });
  const guest = me.name;
  me.rename('Ann');
  me.rename('Ann B');
  assert.ok(me.isMe(guest) && me.isMe('Ann') && me.isMe('Ann B'));
  assert.ok(!me.isMe('Bob'));
  assert.ok(!me.isMe(''));
});

test('what cannot be read is no name', () => {
  const me = new Who({ local: new Kept(), tab: null, reloaded: false });
  const before = me.name;
  me.rename(' \n\u200b ');
  assert.equal(me.name, before);
  me.rename('A\u0000n\nn'.padEnd(500, 'x'));
  assert.ok(me.name.startsWith('A n n') && me.name.length <= 60);
});

test('where the browser keeps nothing, a name lasts as long as the page', () => {
  const broken = { getItem: () => { throw new Error('no'); }, setItem: () => { throw new Error('no'); } };
  const me = new Who({ local: broken, tab: broken, reloaded: true });
  me.rename('Ann');
  assert.equal(me.name, 'Ann');
});

test('another tab of this browser hands its name on', () => {
  const local = new Kept();
  const [one, two] = [1, 2].map(() => new Who({ local, tab: null, reloaded: false }));
  let told = 0;
  two.addEventListener('name', () => told++);
  one.rename('Ann');
  two.reread();
  two.reread();
  assert.equal(two.name, 'Ann');
  assert.equal(told, 1);
});

test('colours are taken from the palette, the same ones everywhere', () => {
  const clients = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'];
  for (const client of clients) assert.ok(colourOf(client) >= 1 && colourOf(client) <= COLOURS);
  const colours = coloursOf(clients);
  assert.equal(new Set([...colours.values()].slice(0, COLOURS)).size, COLOURS);
  assert.deepEqual(coloursOf(clients), colours);
});

test('a name is stood for by one or two letters', () => {
  assert.deepEqual(['Ann', 'Ann Bee', 'guest otter two', 'é', ''].map(initials), ['A', 'AB', 'GT', 'É', '?']);
});
