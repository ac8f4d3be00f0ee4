/**
 * Who sits here: an id of this tab, so that it knows its own changes when it hears of them again, and a name for the
 * others to read. The name is kept in the browser; a tab that is loaded anew keeps its id, a copy of it gets another.
 */

import { people as t } from '../messages/people.js';

const NAME = 'netgraft.name';
const NAMES = 'netgraft.names';
const CLIENT = 'netgraft.client';
const LONGEST = 60;
const REMEMBERED = 8;

/** How many colours there are for people: `--ng-person-1` and on. */
export const COLOURS = 8;

/** @typedef {Pick<Storage, 'getItem' | 'setItem'>} Store */

export class Who extends EventTarget {
  /** @type {Store | null} */
  #local;
  /** @type {string} */
  #name;

  /** @param {{local?: Store | null, tab?: Store | null, reloaded?: boolean}} [kept] */
  constructor({ local = store('localStorage'), tab = store('sessionStorage'), reloaded = wasReloaded() } = {}) {
    super();
    this.#local = local;
    const id = reloaded ? read(tab, CLIENT) : null;
    /** Tells this tab from all others. */
    this.client = id && /^[\w-]{16}$/.test(id) ? id : randomId();
    write(tab, CLIENT, this.client);
    this.#name = clean(read(local, NAME) ?? '') || t.guest(this.client);
    // The same guest next time, and in the next tab.
    write(local, NAME, this.#name);
  }

  get name() {
    return this.#name;
  }

  /** What is said here from now on is said under this name. @param {string} typed an empty one changes nothing */
  rename(typed) {
    const name = clean(typed);
    if (!name || name === this.#name) return;
    const names = [this.#name, ...this.#former.filter((former) => former !== this.#name)].slice(0, REMEMBERED);
    write(this.#local, NAMES, JSON.stringify(names));
    write(this.#local, NAME, name);
    this.#name = name;
    this.dispatchEvent(new Event('name'));
  }

  /** Another tab of this browser was given a name: this one takes it too. */
  reread() {
    const name = clean(read(this.#local, NAME) ?? '');
    if (!name || name === this.#name) return;
    this.#name = name;
    this.dispatchEvent(new Event('name'));
  }

  /** Whether a step is of whoever sits here, under this name or an earlier one. @param {string} author */
  isMe(author) {
    return author === this.#name || this.#former.includes(author);
  }

  /** Names that were used here before. @returns {string[]} */
  get #former() {
    try {
      const names = JSON.parse(read(this.#local, NAMES) ?? '[]');
      return Array.isArray(names) ? names.filter((name) => typeof name === 'string') : [];
    } catch {
      return [];
    }
  }

  /** What each request says of whoever makes it. @returns {Record<string, string>} */
  get headers() {
    return { 'Netgraft-Client': this.client, 'Netgraft-Author': encodeURIComponent(this.#name) };
  }
}

/** @type {Who | undefined} */
let me;

/** Whoever sits here. */
export function who() {
  return (me ??= new Who());
}

/** A person's colour, 1 to COLOURS: the same in every browser. @param {string} client */
export function colourOf(client) {
  let hash = 2166136261;
  for (let i = 0; i < client.length; i++) hash = Math.imul(hash ^ client.charCodeAt(i), 16777619);
  return ((hash >>> 0) % COLOURS) + 1;
}

/**
 * Colours of all people on a net: whoever has one keeps it, whoever comes gets the one of their id or else the next
 * that is free. Everybody hears of people in one order, so that everybody sees them in the same colours.
 * @param {readonly string[]} clients @param {ReadonlyMap<string, number>} [before] @returns {Map<string, number>}
 */
export function coloursOf(clients, before = new Map()) {
  /** @type {Map<string, number>} */
  const colours = new Map();
  for (const client of clients) {
    const had = before.get(client);
    if (had !== undefined) colours.set(client, had);
  }
  const taken = new Set(colours.values());
  for (const client of clients) {
    if (colours.has(client)) continue;
    let colour = colourOf(client);
    if (taken.size < COLOURS) while (taken.has(colour)) colour = (colour % COLOURS) + 1;
    taken.add(colour);
    colours.set(client, colour);
  }
  return colours;
}

/** One or two letters that stand for a name. @param {string} name */
export function initials(name) {
  const words = name.split(/[\s._-]+/u).filter(Boolean);
  const first = [...(words[0] ?? '?')];
  const last = words.length > 1 ? [...(words.at(-1) ?? '')] : [];
  return `${first[0]}${last[0] ?? ''}`.toLocaleUpperCase();
}

/** @param {string} name */
function clean(name) {
  const plain = name.replace(/[\p{C}\p{Z}]+/gu, ' ').trim();
  return [...plain].slice(0, LONGEST).join('').trim();
}

function randomId() {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_');
}

function wasReloaded() {
  const [navigation] = globalThis.performance?.getEntriesByType?.('navigation') ?? [];
  return /** @type {PerformanceNavigationTiming | undefined} */ (navigation)?.type === 'reload';
}

/** @param {'localStorage' | 'sessionStorage'} name @returns {Store | null} null where storage is off */
function store(name) {
  try {
    return globalThis[name] ?? null;
  } catch {
    return null;
  }
}

/** @param {Store | null} kept @param {string} key */
function read(kept, key) {
  try {
    return kept?.getItem(key) ?? null;
  } catch {
    return null;
  }
}

/** @param {Store | null} kept @param {string} key @param {string} value */
function write(kept, key, value) {
  try {
    kept?.setItem(key, value);
  } catch {
    // storage is off or full: the name lasts as long as the page
  }
}
