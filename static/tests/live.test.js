import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Live } from '../api/live.js';

/** @typedef {import('../api/live.js').Socket & {url: string, sent: any[], closed: boolean}} Opened */

/** A world whose time passes when a test says so, and whose sockets are opened, fed and closed by hand. */
class World {
  now = 0;
  /** @type {Opened[]} */
  sockets = [];
  /** @type {{at: number, run: () => void}[]} */
  #timers = [];

  /** @returns {Partial<import('../api/live.js').World>} */
  get parts() {
    return {
      socket: (url) => {
        /** @type {Opened} */
        const socket = {
          url,
          sent: [],
          readyState: 0,
          closed: false,
          onmessage: null,
          onclose: null,
          send: (text) => void socket.sent.push(JSON.parse(text)),
          close: () => void (socket.closed = true),
        };
        this.sockets.push(socket);
        return socket;
      },
      after: (run, wait) => {
        const timer = { at: this.now + wait, run };
        this.#timers.push(timer);
        return () => void (this.#timers = this.#timers.filter((other) => other !== timer));
      },
      now: () => this.now,
      random: () => 0.5,
    };
  }

  get last() {
    const last = this.sockets.at(-1);
    assert.ok(last);
    return last;
  }

  /** @param {number} milliseconds */
  pass(milliseconds) {
    const end = this.now + milliseconds;
    for (;;) {
      const [next] = this.#timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
      if (!next) break;
      this.#timers = this.#timers.filter((other) => other !== next);
      this.now = next.at;
      next.run();
    }
    this.now = end;
  }

  /** @param {object} message */
  hear(message) {
    this.last.readyState = 1;
    this.last.onmessage?.({ data: JSON.stringify(message) });
  }

  lose(code = 1006) {
    this.last.onclose?.({ code });
  }
}

const hello = (more = {}) => ({ type: 'hello', client: 'me', version: 5, revision: 4, access: 'edit', events: [], people: [], ...more });
/** @param {number} version @param {object} [more] */
const change = (version, more = {}) => ({
  type: 'change',
  version,
  revision: version,
  kind: 'edit',
  title: 'Set lr of ip1 to 10',
  author: 'Ann',
  client: 'ann',
  created: 1,
  ...more,
});

function connected() {
  const world = new World();
  const live = new Live('me', world.parts);
  /** @type {any[]} */
  const heard = [];
  live.addEventListener('events', (event) => heard.push(/** @type {CustomEvent} */ (event).detail));
  live.open((version) => `ws://net/live?after=${version}`, 5);
  world.hear(hello());
  return { world, live, heard };
}

test('it asks for what came after the version that is shown', () => {
  const { world } = connected();
  assert.equal(world.sockets[0].url, 'ws://net/live?after=5');
});

test('a change is told once, however often it is heard of', () => {
  const { world, heard, live } = connected();
  heard.length = 0;
  world.hear(change(6));
  world.hear(change(6));
  world.hear(change(4));
  assert.deepEqual(heard.map(({ version }) => version), [6]);
  assert.equal(live.version, 6);
});

test('after a connection is lost it comes back and catches up from the last version seen', () => {
  const { world, live, heard } = connected();
  world.hear(change(6));
  world.lose(1001);
  assert.equal(live.status, 'waiting');
  world.pass(1000);
  assert.equal(world.last.url, 'ws://net/live?after=6');
  heard.length = 0;
  world.hear(hello({ version: 8, events: [change(7), change(8)] }));
  assert.equal(live.status, 'on');
  assert.deepEqual(heard.map(({ events, missed }) => [events.map((/** @type {{version: number}} */ { version }) => version), missed]), [[[7, 8], true]]);
});

test('a greeting that leaves events out still says how far the net is', () => {
  const { world, heard } = connected();
  world.lose();
  world.pass(1000);
  world.hear(hello({ version: 900, events: [change(6)] }));
  assert.equal(heard.at(-1).version, 900);
});

test('vain attempts come at longer and longer pauses, up to a limit', () => {
  const world = new World();
  const live = new Live('me', world.parts);
  live.open(() => 'ws://net/live', 1);
  const pauses = [];
  for (let attempt = 0; attempt < 9; attempt++) {
    const before = world.now;
    const count = world.sockets.length;
    world.lose();
    while (world.sockets.length === count) world.pass(50);
    pauses.push(world.now - before);
  }
  assert.deepEqual(pauses, [...pauses].sort((a, b) => a - b));
  assert.equal(pauses[0], 500);
  assert.equal(pauses.at(-1), 15_000);
});

test('attempts that all fail are told apart from a connection that was lost', () => {
  const world = new World();
  const live = new Live('me', world.parts);
  let away = 0;
  live.addEventListener('away', () => away++);
  live.open(() => 'ws://net/live', 1);
  for (let attempt = 0; attempt < 3; attempt++) {
    world.lose();
    world.pass(60_000);
  }
  assert.equal(live.blocked, true);
  assert.equal(away, 3);
  world.hear(hello());
  world.lose();
  assert.equal(live.blocked, false);
});

test('it tries at once when somebody is in a hurry', () => {
  const { world, live } = connected();
  world.lose();
  world.pass(1000);
  world.lose();
  const count = world.sockets.length;
  live.hurry();
  assert.equal(world.sockets.length, count + 1);
});

test('being in a hurry while all is well does nothing', () => {
  const { world, live } = connected();
  live.hurry();
  assert.equal(world.sockets.length, 1);
});

test('what is selected is told at most eight times a second, the last of it always', () => {
  const { world, live } = connected();
  world.pass(1000);
  for (let step = 0; step < 100; step++) {
    live.select([`layer${step}`]);
    world.pass(10);
  }
  world.pass(1000);
  const { sent } = world.last;
  assert.ok(sent.length <= 10, `${sent.length} messages`);
  assert.deepEqual(sent.at(-1), { type: 'me', selection: ['layer99'] });
});

test('a new connection is told of oneself again', () => {
  const { world, live } = connected();
  live.call('Ann');
  live.select(['ip1']);
  world.pass(1000);
  world.lose();
  world.pass(1000);
  world.hear(hello());
  world.pass(1000);
  assert.deepEqual(world.last.sent, [{ type: 'me', name: 'Ann', selection: ['ip1'] }]);
});

test('nothing is told while nobody listens', () => {
  const { world, live } = connected();
  world.lose();
  live.select(['ip1']);
  world.pass(100);
  assert.deepEqual(world.last.sent, []);
});

test('everybody has a colour of their own and keeps it when others come and go', () => {
  const { world, live } = connected();
  /** @param {string} client */
  const person = (client) => ({ client, name: client, selection: [], more: 0 });
  world.hear({ type: 'people', people: ['me', 'a', 'b', 'c'].map(person) });
  const before = new Map(live.people.map(({ client, colour }) => [client, colour]));
  assert.equal(new Set(before.values()).size, 4);
  world.hear({ type: 'people', people: ['me', 'b', 'd', 'c', 'e'].map(person) });
  for (const { client, colour } of live.people) assert.equal(colour, before.get(client) ?? colour);
  assert.equal(new Set(live.people.map(({ colour }) => colour)).size, 5);
  assert.deepEqual(live.others.map(({ client }) => client), ['b', 'd', 'c', 'e']);
});

test('a connection that is back at once leaves the others where they are', () => {
  const { world, live } = connected();
  world.hear({ type: 'people', people: [{ client: 'a', name: 'A', selection: ['ip1'], more: 0 }] });
  world.lose();
  assert.equal(live.people.length, 1);
  world.pass(1000);
  world.lose();
  world.pass(2000);
  world.lose();
  assert.equal(live.people.length, 0);
});

for (const code of [4404, 4401, 4403]) {
  test(`a refusal (${code}) is final`, () => {
    const { world, live } = connected();
    /** @type {number[]} */ const gone = [];
    live.addEventListener('gone', (event) => gone.push(/** @type {CustomEvent} */ (event).detail.code));
    world.lose(code);
    world.pass(100_000);
    assert.deepEqual(gone, [code]);
    assert.equal(world.sockets.length, 1);
    assert.equal(live.status, 'off');
  });
}

test('a deleted document is told as one', () => {
  const { world, live } = connected();
  /** @type {number[]} */ const gone = [];
  live.addEventListener('gone', (event) => gone.push(/** @type {CustomEvent} */ (event).detail.code));
  world.hear({ type: 'deleted' });
  assert.deepEqual(gone, [4404]);
  assert.equal(world.last.closed, true);
});

test('nothing is heard of a document that was left', () => {
  const { world, live, heard } = connected();
  const left = world.last;
  heard.length = 0;
  const { onmessage } = left;
  live.close();
  onmessage?.({ data: JSON.stringify(change(6)) });
  world.pass(100_000);
  assert.deepEqual(heard, []);
  assert.equal(left.closed, true);
  assert.equal(world.sockets.length, 1);
});

test('a connection that was found dead is made anew', () => {
  const { world, live } = connected();
  world.hear(change(6));
  live.revive();
  assert.equal(world.sockets[0].closed, true);
  assert.equal(world.last.url, 'ws://net/live?after=6');
});
