import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiProblem } from '../api/client.js';
import { paste } from '../commands/clipboard.js';
import { deleteSelected } from '../commands/deleting.js';
import { unshare } from '../commands/shares.js';
import { Live } from '../api/live.js';
import { Session } from '../api/session.js';
import { Who } from '../api/who.js';
import { messages } from '../messages.js';
import { graphOf } from './nets.js';

/** @type {{name: string, type: string, bottoms?: string[], tops?: string[]}[]} */
const NET = [
  { name: 'data', type: 'Input' },
  { name: 'conv1', type: 'Convolution', bottoms: ['data'] },
  { name: 'ip1', type: 'InnerProduct', bottoms: ['conv1'] },
];
/** @param {number} milliseconds @returns {Promise<void>} */
const rest = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** A server with one document that others edit, as the browser sees it. */
class Server {
  base = '/api';
  readOnly = false;
  /** @type {string[]} */
  asked = [];
  /** @type {Promise<void> | null} what answers wait for */
  slow = null;
  /** @type {ApiProblem | null} */
  refusal = null;
  /** @type {object | null} */
  rebased = null;
  /** @type {object | null} what operations say that they did */
  report = null;
  /** @type {any[]} */
  sent = [];
  /** @type {(code: number) => void} */
  lose = () => {};
  layers = NET;
  info = { weights: /** @type {object | null} */ (null), id: 'd', name: 'net', revision: 1, version: 1, can_undo: true, can_redo: false, undo_title: 'Open', redo_title: null, access: 'edit' };
  /** @type {((message: object) => void) | null} */
  tell = null;

  document = async () => {
    this.asked.push('document');
    const answer = { ...this.info };
    await this.slow;
    return answer;
  };
  /** @param {string} _id @param {object | null} state @param {AbortSignal} [signal] */
  graph = async (_id, state, signal) => {
    this.asked.push('graph');
    const answer = { ...graphOf(this.layers), document: 'd', revision: this.info.revision, state: state ?? { phase: 'TRAIN', level: 0, stages: [] } };
    await this.slow;
    signal?.throwIfAborted();
    return answer;
  };
  /** @param {string} _id @param {number} base */
  operations = async (_id, base) => {
    this.asked.push(`edit ${base}`);
    if (this.refusal) throw this.refusal;
    this.step();
    return { document: { ...this.info }, graph: await this.graph('d', null), report: this.report, rebased: this.rebased };
  };
  /** @param {string} _id @param {number} revision */
  goTo = async (_id, revision) => {
    this.asked.push(`goto ${revision}`);
    return { document: { ...this.info, revision }, graph: { ...(await this.graph('d', null)), revision } };
  };
  liveUrl = () => 'ws://net/live';

  step(kind = 'edit') {
    this.info = { ...this.info, version: this.info.version + 1, revision: this.info.revision + (kind === 'edit' ? 1 : 0) };
  }

  /** Somebody else does something. */
  other(kind = 'edit', more = {}) {
    this.step(kind);
    const { version, revision } = this.info;
    this.tell?.({ type: 'change', version, revision, kind, title: `Step ${version}`, author: 'Ann', client: 'ann', created: 1, ...more });
  }
}

async function opened() {
  const server = new Server();
  const live = new Live('me', {
    socket: () => {
      /** @type {import('../api/live.js').Socket} */
      const socket = { readyState: 1, send: (text) => void server.sent.push(JSON.parse(text)), close: () => {}, onmessage: null, onclose: null };
      server.sent = [];
      server.tell = (message) => socket.onmessage?.({ data: JSON.stringify(message) });
      server.lose = (code) => socket.onclose?.({ code });
      return socket;
    },
  });
  const me = new Who({ local: null, tab: null, reloaded: false });
  const session = new Session(/** @type {any} */ (server), { me, live });
  await session.open('d');
  server.tell?.({ type: 'hello', client: 'me', version: 1, revision: 1, access: 'edit', events: [], people: [] });
  server.asked.length = 0;
  return { server, session };
}

test('what somebody else changed is shown, and said', async (t) => {
  const { server, session } = await opened();
  t.after(() => session.close());
  server.layers = [...NET, { name: 'relu1', type: 'ReLU', bottoms: ['ip1'] }];
  server.other();
  await rest(80);
  assert.equal(session.graph.layers.length, 4);
  assert.equal(session.info?.revision, 2);
  assert.deepEqual(session.happenings.line, { text: 'Step 2', author: 'Ann', colour: 0 });
});

test('a burst of changes is fetched once', async (t) => {
  const { server, session } = await opened();
  t.after(() => session.close());
  for (let change = 0; change < 20; change++) server.other();
  await rest(120);
  assert.deepEqual(server.asked, ['document', 'graph']);
  assert.equal(session.info?.version, 21);
  assert.match(session.happenings.line?.text ?? '', /^20 changes/);
});

test('changes that come while one is fetched cause one more fetch', async (t) => {
  const { server, session } = await opened();
  t.after(() => session.close());
  server.slow = rest(80);
  server.other();
  await rest(60);
  server.other();
  server.other();
  server.slow = null;
  await rest(150);
  assert.equal(server.asked.filter((what) => what === 'graph').length, 2);
  assert.equal(session.info?.version, 4);
});

test('of a change that one made oneself nothing is fetched', async (t) => {
  const { server, session } = await opened();
  t.after(() => session.close());
  await session.run([]);
  server.asked.length = 0;
  const { version, revision } = server.info;
  server.tell?.({ type: 'change', version, revision, kind: 'edit', title: 'mine', author: 'x', client: 'me', created: 1 });
  await rest(100);
  assert.deepEqual(server.asked, []);
  assert.equal(session.happenings.line, null);
});

test('an edit does not wait for a fetch, and its answer makes the fetch needless', async (t) => {
  const { server, session } = await opened();
  t.after(() => session.close());
  server.slow = rest(100);
  server.other();
  await rest(60); // the fetch is under way
  const edit = session.run([]);
  server.slow = null;
  await edit;
  await rest(150);
  assert.deepEqual(server.asked.filter((what) => what.startsWith('edit')), ['edit 1']);
  assert.equal(session.info?.version, 3);
  assert.equal(server.asked.filter((what) => what === 'graph').length, 2);
});

test('nothing is fetched for cards that somebody moved, but their places', async (t) => {
  const { server, session } = await opened();
  t.after(() => session.close());
  let asked = 0;
  session.addEventListener('layout', () => asked++);
  server.other('layout');
  await rest(100);
  assert.deepEqual(server.asked, []);
  assert.equal(asked, 1);
  assert.equal(session.info?.version, 2);
  assert.equal(session.happenings.line, null);
});

test('a new name is read without the graph', async (t) => {
  const { server, session } = await opened();
  t.after(() => session.close());
  server.info = { ...server.info, name: 'twins' };
  server.other('rename', { title: 'twins' });
  await rest(100);
  assert.deepEqual(server.asked, ['document']);
  assert.equal(session.info?.name, 'twins');
  assert.equal(session.happenings.line?.text, 'Renamed the net to twins');
});

for (const kind of ['weights', 'premises', 'undo', 'redo', 'goto']) {
  test(`a change of the kind ${kind} shows net and verdicts anew`, async (t) => {
    const { server, session } = await opened();
    t.after(() => session.close());
    server.other(kind);
    await rest(100);
    assert.deepEqual(server.asked, ['document', 'graph']);
  });
}

test('what is selected stays selected, under its new name too', async (t) => {
  const { server, session } = await opened();
  t.after(() => session.close());
  session.select(['conv1', 'ip1']);
  server.layers = [NET[0], { ...NET[1], name: 'first', tops: ['conv1'] }, NET[2]];
  server.other();
  await rest(100);
  assert.deepEqual(session.model.selection.ordered(), ['first', 'ip1']);
});

test('the graph waits while a card is in the hand', async (t) => {
  const { server, session } = await opened();
  t.after(() => session.close());
  session.model.hold(true);
  server.other();
  await rest(100);
  assert.deepEqual(server.asked, []);
  session.model.hold(false);
  await rest(100);
  assert.equal(session.info?.version, 2);
});

test('typing that began before somebody else changed the net is sent for the net that was seen', async (t) => {
  const { server, session } = await opened();
  t.after(() => session.close());
  session.typedAt = 1;
  server.other();
  await rest(100);
  assert.equal(session.info?.revision, 2);
  await session.run([]);
  assert.ok(server.asked.includes('edit 1'));
});

test("one's own step in between does not make one's typing old", async (t) => {
  const { server, session } = await opened();
  t.after(() => session.close());
  session.typedAt = 1;
  await session.run([]);
  await session.run([]);
  assert.deepEqual(server.asked.filter((what) => what.startsWith('edit')), ['edit 1', 'edit 2']);
});

test("edits one after the other, the second asked for before the first is done, are one's own both", async (t) => {
  const { server, session } = await opened();
  t.after(() => session.close());
  session.typedAt = 1;
  await Promise.all([session.run([]), session.run([])]);
  assert.deepEqual(server.asked.filter((what) => what.startsWith('edit')), ['edit 1', 'edit 2']);
});

test('a step that was made over those of others says so quietly', async (t) => {
  const { server, session } = await opened();
  t.after(() => session.close());
  server.rebased = { from: 1, over: [{ revision: 2, title: 'Set lr of ip1 to 10', author: 'Ann' }] };
  await session.run([]);
  assert.match(session.happenings.line?.text ?? '', /made over .*Ann’s “Set lr of ip1 to 10”/);
  assert.deepEqual(session.notices.shown, []);
});

test('a clash tells who did what to which layer, and shows the net as it is', async (t) => {
  const { server, session } = await opened();
  t.after(() => session.close());
  server.step();
  server.refusal = new ApiProblem(409, 'Conflict', 'x', [], 'stale-revision', {
    changes: [{ revision: 2, title: 'Set lr of ip1 to 10', author: 'Ann' }],
    clashes: [{ kind: 'layer', name: 'ip1', message: 'Ann changed ip1 meanwhile (Set lr of ip1 to 10).' }],
  });
  assert.equal(await session.run([]), null);
  assert.equal(session.info?.revision, 2);
  const [notice] = session.notices.shown;
  assert.match(notice.title, /same place/);
  assert.deepEqual(notice.places, [{ message: 'Ann changed ip1 meanwhile (Set lr of ip1 to 10).' }]);
});

test('an undo that others overtook says what they did', async (t) => {
  const { server, session } = await opened();
  t.after(() => session.close());
  server.step();
  session.client.step = async (_id, _which, base) => {
    server.asked.push(`undo ${base}`);
    throw new ApiProblem(409, 'Conflict', 'x', [], 'stale-revision', { changes: [{ revision: 2, title: 'Delete ip1', author: 'Ann' }] });
  };
  assert.equal(await session.step('undo'), null);
  assert.ok(server.asked.includes('undo 1'));
  const [notice] = session.notices.shown;
  assert.match(`${notice.title} ${notice.detail}`, /Nothing was undone.*Ann: Delete ip1/);
});

test('after the connection was away everything that was missed is fetched once', async (t) => {
  const { server, session } = await opened();
  t.after(() => session.close());
  server.lose(1001);
  const { tell } = server;
  server.tell = null;
  for (let change = 0; change < 3; change++) server.other();
  await rest(900);
  assert.notEqual(server.tell, tell);
  const again = /** @type {((message: object) => void) | null} */ (server.tell);
  again?.({ type: 'hello', client: 'me', version: 4, revision: 4, access: 'edit', events: [], people: [] });
  await rest(100);
  assert.deepEqual(server.asked, ['document', 'graph']);
  assert.equal(session.info?.version, 4);
});

test('without a live connection a look at the document shows what others did', async (t) => {
  const { server, session } = await opened();
  t.after(() => session.close());
  server.lose(1006);
  server.tell = null;
  server.other();
  await session.refresh();
  assert.equal(session.info?.version, 2);
  assert.match(session.notices.shown[0].title, /changed elsewhere/);
});

test('a look at a document that is as it was fetches nothing more', async (t) => {
  const { server, session } = await opened();
  t.after(() => session.close());
  await session.refresh();
  assert.deepEqual(server.asked, ['document']);
});

test('a document that somebody deleted is closed, with a word', async (t) => {
  const { server, session } = await opened();
  t.after(() => session.close());
  let closed = 0;
  session.addEventListener('closed', () => closed++);
  server.tell?.({ type: 'deleted' });
  assert.equal(closed, 1);
  assert.equal(session.info, null);
  assert.match(session.notices.shown[0].title, /net was deleted/);
});

test('a read-only link changes nothing, and says so', async (t) => {
  const { server, session } = await opened();
  t.after(() => session.close());
  server.readOnly = true;
  assert.equal(await session.run([]), null);
  assert.equal(await session.step('undo'), null);
  assert.deepEqual(server.asked, []);
  assert.match(session.notices.shown[0].title, /read-only/);
});

test('Undo beside what was done goes as soon as it would take back another step', async (t) => {
  const { server, session } = await opened();
  t.after(() => session.close());
  await session.run([]);
  session.notices.add({ kind: 'ok', title: '1 layer deleted', action: { label: 'Undo', run: () => {} } });
  session.notices.add({ kind: 'warning', title: 'kept' });
  server.other();
  await rest(80);
  assert.deepEqual(session.notices.shown.map(({ title }) => title), ['kept']);
});

test('an answer of the server ends the wait for its live connection', async (t) => {
  const { server, session } = await opened();
  t.after(() => session.close());
  server.lose(1006);
  server.lose(1006);
  assert.equal(session.live.status, 'waiting');
  await session.run([]);
  assert.equal(session.live.status, 'connecting');
  session.notices.problem(new ApiProblem(0, messages.errors.unreachable));
  server.tell?.({ type: 'hello', client: 'me', version: 2, revision: 2, access: 'edit', events: [], people: [] });
  assert.deepEqual(session.notices.shown, []);
});

test('a damaged revision is told with the way back to the last whole one', async () => {
  const { session, server } = await opened();
  session.close();
  server.document = async () => {
    throw new ApiProblem(500, 'Internal Server Error', 'Revision 3 cannot be read.', [], 'damaged-revision', { damaged: 3, readable: 2 });
  };
  assert.equal(await session.open('d'), false);
  const [notice] = session.notices.shown;
  assert.deepEqual([notice.kind, notice.detail, notice.action?.label], ['error', 'Revision 3 cannot be read.', 'Go back to revision 2']);
  notice.action?.run();
  await rest(5);
  assert.deepEqual([server.asked.includes('goto 2'), session.info?.revision], [true, 2]);
  session.close();
});

/** What an operation says that a person should know. @param {string} code @param {string} message */
const noting = (code, message) => ({ added: [], notes: [{ code, severity: 'info', message }] });

test('a paste into a net with weights says which layers bring none', async (t) => {
  const { session, server } = await opened();
  t.after(() => session.close());
  server.report = noting('pasted-without-weights', "'ip3' starts from its filler.");
  await paste(session, 'layer { }', false);
  assert.equal(session.notices.shown[0].detail, undefined); // here nothing has weights, so nobody thinks of them
  server.info = { ...server.info, weights: { name: 'net.caffemodel' } };
  await session.reload();
  await paste(session, 'layer { }', false);
  assert.match(session.notices.shown[0].detail ?? '', /^'ip3' starts from its filler\. Add the caffemodel/);
});

test('what loads again since a layer was deleted is said', async (t) => {
  const { session, server } = await opened();
  t.after(() => session.close());
  server.report = noting('fits-again', "'ip1' starts from its stored weights again.");
  session.select(['ip1']);
  await deleteSelected(session);
  assert.equal(session.notices.shown[0].detail, "'ip1' starts from its stored weights again.");
});

test('what unsharing means is said, by one layer and by many', async (t) => {
  const { session } = await opened();
  t.after(() => session.close());
  await unshare(session, [{ layer: 'ip1', blob: 0 }]);
  assert.equal(session.notices.shown[0].title, 'ip1 shares no longer');
  await unshare(session, [{ layer: 'ip1', blob: null }, { layer: 'conv1', blob: null }]);
  assert.equal(session.notices.shown[0].title, '2 layers share no longer');
  assert.match(session.notices.shown[0].detail ?? '', /own filler/);
});

test('a look that is answered takes back that the server is silent', async (t) => {
  const { session } = await opened();
  t.after(() => session.close());
  session.notices.problem(new ApiProblem(0, messages.errors.unreachable));
  await session.refresh();
  assert.deepEqual(session.notices.shown, []);
});

test('what is pasted last is what is spoken of, and an address is no net', async (t) => {
  const { session, server } = await opened();
  t.after(() => session.close());
  server.refusal = new ApiProblem(422, 'Unprocessable Entity', 'No prototxt.', [], 'not-a-prototxt');
  await paste(session, 'buy milk', false);
  const edits = server.asked.length;
  await paste(session, ' https://example.org/net.prototxt\n', false);
  assert.deepEqual(session.notices.shown.map(({ kind }) => kind), ['info']);
  assert.equal(server.asked.length, edits);
});

test('a text that is pasted where no net is open becomes one', async (t) => {
  const { session, server } = await opened();
  session.close();
  t.after(() => session.close());
  /** @type {object[]} */
  const made = [];
  Object.assign(server, {
    create: async (/** @type {object} */ source) => {
      made.push(source);
      return { ...server.info };
    },
  });
  await paste(session, 'layer { name: "a" type: "Input" }', false);
  assert.equal(session.info?.id, 'd');
  assert.deepEqual(made, [{ text: 'layer { name: "a" type: "Input" }', name: 'untitled' }]);
});
