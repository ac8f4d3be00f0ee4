/** The nets that are open in one tab of the browser, in the order in which they came. Headless. */

/** @typedef {{id: string, name: string}} OpenDocument */
/** @typedef {{getItem(key: string): string | null, setItem(key: string, value: string): void}} Store */

const KEY = 'netgraft.open';
/** More are not kept: the one that was opened first goes. */
export const MOST_OPEN = 24;

export class OpenDocuments {
  /** @param {Store | null} store  null: nothing outlives the page */
  constructor(store) {
    this.store = store;
    /** @type {readonly OpenDocument[]} */
    this.all = read(store);
  }

  /** @param {string} id */
  has(id) {
    return this.all.some((other) => other.id === id);
  }

  /** Adds a net at the end, or takes over its name. @param {OpenDocument} net */
  show({ id, name }) {
    const known = this.all.find((other) => other.id === id);
    if (known?.name === name) return;
    if (known) this.#keep(this.all.map((other) => (other.id === id ? { id, name } : other)));
    else this.#keep([...this.all, { id, name }].slice(-MOST_OPEN));
  }

  /** @param {string} id @returns {string | null} the net that takes its place: the next, else the one before */
  close(id) {
    const at = this.all.findIndex((other) => other.id === id);
    if (at < 0) return null;
    const next = this.all[at + 1] ?? this.all[at - 1];
    this.#keep(this.all.filter((other) => other.id !== id));
    return next?.id ?? null;
  }

  /** Those that are no more are no longer open. @param {ReadonlySet<string>} existing */
  prune(existing) {
    if (this.all.some(({ id }) => !existing.has(id))) this.#keep(this.all.filter(({ id }) => existing.has(id)));
  }

  /** @param {string | undefined} id @param {1 | -1} by @returns {string | null} around the ends */
  beside(id, by) {
    const at = this.all.findIndex((other) => other.id === id);
    return this.all.at((at + by) % this.all.length)?.id ?? null;
  }

  /** @param {readonly OpenDocument[]} all */
  #keep(all) {
    this.all = all;
    try {
      this.store?.setItem(KEY, JSON.stringify(all));
    } catch {
      // storage is off or full: it lasts as long as the page
    }
  }
}

/** @param {Store | null} store @returns {OpenDocument[]} */
function read(store) {
  try {
    const all = JSON.parse(store?.getItem(KEY) ?? '[]');
    const fits = (/** @type {any} */ one) => typeof one?.id === 'string' && typeof one?.name === 'string';
    return Array.isArray(all) ? all.filter(fits).map(({ id, name }) => ({ id, name })).slice(-MOST_OPEN) : [];
  } catch {
    return []; // nothing kept, or nothing readable
  }
}
