/**
 * The live connection of an open document: what others change, who is here and what they have selected. It comes back
 * by itself; nothing of it is needed to edit. Knows no page and no document: `session.js` decides what follows.
 *
 * Events: 'status', 'people', 'events' (detail {events, version, missed}), 'away' (an attempt to connect failed),
 * 'gone' (the document is no more, or is not for us).
 *
 * @typedef {'open' | 'edit' | 'undo' | 'redo' | 'goto' | 'rename' | 'premises' | 'weights' | 'layout'} Kind
 * @typedef {{version: number, revision: number, kind: Kind, title: string, author: string, client: string, created: number}} Happening
 * @typedef {{client: string, name: string, selection: string[], more: number}} Told  as the server tells of a person
 * @typedef {Told & {colour: number}} Person  colour: 1 to 8
 * @typedef {'off' | 'connecting' | 'on' | 'waiting'} Status
 *
 * @typedef {object} Socket  what a WebSocket is used for here
 * @property {(text: string) => void} send
 * @property {(code?: number) => void} close
 * @property {number} readyState
 * @property {((event: any) => void) | null} onmessage
 * @property {((event: any) => void) | null} onclose
 *
 * @typedef {object} World  what is outside, so that tests can put something else there
 * @property {(url: string) => Socket} socket
 * @property {(run: () => void, milliseconds: number) => () => void} after  gives what calls it off
 * @property {() => number} now  milliseconds
 * @property {() => number} random  0 to 1
 */

import { coloursOf } from './who.js';

/** One message of oneself in so many milliseconds at most: 8 a second. */
const PACE = 125;
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 15_000;
const OPEN = 1;
/** So many vain attempts, and no success before them, mean that something stands in the way. */
const VAIN = 3;

/** @type {World} */
const WORLD = {
  socket: (url) => new WebSocket(url),
  after: (run, milliseconds) => {
    const timer = setTimeout(run, milliseconds);
    return () => clearTimeout(timer);
  },
  now: () => performance.now(),
  random: Math.random,
};

export class Live extends EventTarget {
  /** @type {Socket | null} */
  #socket = null;
  /** @type {(() => string) | null} */
  #address = null;
  /** @type {World} */
  #world;
  /** @type {() => void} */
  #callOff = () => {};
  /** Vain attempts in a row. */
  #vain = 0;
  #everOn = false;
  /** What is to be told of oneself: all of it when the connection is new, else what changed. @type {{name?: string, selection?: readonly string[]}} */
  #me = {};
  /** @type {Set<'name' | 'selection'>} */
  #untold = new Set();
  #toldAt = -Infinity;
  /** @type {(() => void) | null} */
  #toTell = null;

  /** @type {Status} */
  status = 'off';
  /** The last change that was heard of. */
  version = 0;
  /** Everybody on the document, oneself too. @type {Person[]} */
  people = [];
  /** @type {'edit' | 'read'} what the server lets one do */
  access = 'edit';
  /** When something was heard last. */
  heardAt = 0;

  /** @param {string} client one's own id @param {Partial<World>} [world] */
  constructor(client, world = {}) {
    super();
    this.client = client;
    this.#world = { ...WORLD, ...world };
  }

  /** Everybody but oneself. */
  get others() {
    return this.people.filter((person) => person.client !== this.client);
  }

  /** Whether something seems to stand in the way of WebSockets: attempts fail, and none ever succeeded. */
  get blocked() {
    return !this.#everOn && this.#vain >= VAIN;
  }

  /**
   * Connects, and stays connected until `close`.
   * @param {(version: number) => string} address of the socket, for the last version seen @param {number} version
   */
  open(address, version) {
    this.close();
    this.version = version;
    this.#address = () => address(this.version);
    this.#everOn = false;
    this.#connect();
  }

  close() {
    this.#address = null;
    this.#drop();
    this.#vain = 0;
    this.#setPeople([]);
    this.#setStatus('off');
  }

  /** What is selected here, for the others to see. @param {Iterable<string>} keys */
  select(keys) {
    this.#me.selection = [...keys];
    this.#untold.add('selection');
    this.#tell();
  }

  /** What one is called now. @param {string} name */
  call(name) {
    this.#me.name = name;
    this.#untold.add('name');
    this.#tell();
  }

  /** Tries at once, as when the page comes to the front or the network is back. */
  hurry() {
    if (this.status === 'waiting') this.#connect();
  }

  /** The connection is dead, though nobody said so: others changed what was not heard of. */
  revive() {
    if (this.status === 'on') this.#connect();
  }

  #connect() {
    if (!this.#address) return;
    this.#drop();
    this.#setStatus('connecting');
    /** @type {Socket} */
    let socket;
    try {
      socket = this.#world.socket(this.#address());
    } catch {
      this.#lost(0);
      return;
    }
    this.#socket = socket;
    socket.onmessage = ({ data }) => {
      if (this.#socket === socket) this.#heard(data);
    };
    socket.onclose = ({ code }) => {
      if (this.#socket === socket) this.#lost(code);
    };
  }

  /** Lets go of the socket and of everything that was to come. */
  #drop() {
    this.#callOff();
    this.#callOff = () => {};
    this.#toTell?.();
    this.#toTell = null;
    const socket = this.#socket;
    this.#socket = null;
    if (!socket) return;
    socket.onmessage = socket.onclose = null;
    socket.close();
  }

  /** @param {number} code */
  #lost(code) {
    const was = this.status;
    this.#drop();
    if (code === 4404 || code === 4401 || code === 4403) {
      this.#address = null;
      this.#setPeople([]);
      this.#setStatus('off');
      this.dispatchEvent(new CustomEvent('gone', { detail: { code } }));
      return;
    }
    this.#vain = was === 'on' ? 0 : this.#vain + 1;
    if (this.#vain > 1) this.#setPeople([]); // a connection that is back at once leaves the others where they are
    this.#setStatus('waiting');
    const pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** Math.max(0, this.#vain - 1));
    // jitter: a server that comes back is not asked by everybody at once
    this.#callOff = this.#world.after(() => this.#connect(), pause * (0.5 + this.#world.random()));
    if (was !== 'on') this.dispatchEvent(new Event('away'));
  }

  /** @param {string} text */
  #heard(text) {
    const message = JSON.parse(text);
    this.heardAt = this.#world.now();
    if (message.type === 'hello') {
      this.#vain = 0;
      this.#everOn = true;
      this.access = message.access ?? 'edit';
      const events = this.#news(message.events ?? []);
      this.version = Math.max(this.version, message.version);
      this.#setStatus('on');
      this.#setPeople(message.people ?? []);
      for (const part of /** @type {const} */ (['name', 'selection'])) if (this.#me[part]) this.#untold.add(part);
      this.#tell();
      this.#say(events, true);
    } else if (message.type === 'change') {
      const events = this.#news([message]);
      if (!events.length) return;
      this.version = message.version;
      this.#say(events, false);
    } else if (message.type === 'people') {
      this.#setPeople(message.people);
    } else if (message.type === 'deleted') {
      this.#lost(4404);
    }
  }

  /** What was not heard of before. @param {Happening[]} events */
  #news(events) {
    return events.filter(({ version }) => version > this.version);
  }

  /** @param {Happening[]} events @param {boolean} missed they happened while nobody listened */
  #say(events, missed) {
    const { version } = this;
    this.dispatchEvent(new CustomEvent('events', { detail: { events, version, missed } }));
  }

  /** @param {Told[]} told */
  #setPeople(told) {
    if (!told.length && !this.people.length) return;
    const before = new Map(this.people.map(({ client, colour }) => [client, colour]));
    const colours = coloursOf(told.map(({ client }) => client), before);
    this.people = told.map(({ client, name, selection, more }) => ({
      client,
      name,
      selection: selection ?? [],
      more: more ?? 0,
      colour: colours.get(client) ?? 1,
    }));
    this.dispatchEvent(new Event('people'));
  }

  /** @param {Status} status */
  #setStatus(status) {
    if (status === this.status) return;
    this.status = status;
    this.dispatchEvent(new Event('status'));
  }

  /** Says what changed of oneself: at once, or when the pace allows it. */
  #tell() {
    if (this.status !== 'on' || this.#socket?.readyState !== OPEN || !this.#untold.size || this.#toTell) return;
    const wait = this.#toldAt + PACE - this.#world.now();
    if (wait > 0) {
      this.#toTell = this.#world.after(() => {
        this.#toTell = null;
        this.#tell();
      }, wait);
      return;
    }
    this.#toldAt = this.#world.now();
    /** @type {{type: 'me', name?: string, selection?: readonly string[], more?: number}} */
    const message = { type: 'me' };
    if (this.#untold.has('name')) message.name = this.#me.name;
    if (this.#untold.has('selection')) message.selection = this.#me.selection;
    this.#untold.clear();
    this.#socket.send(JSON.stringify(message));
  }
}

