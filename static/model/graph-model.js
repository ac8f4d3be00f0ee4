/**
 * The one state of the browser part: the graph as the server gave it, the selection, what is hovered and how it is
 * shown. No DOM, no framework: the canvas and the panels listen and draw.
 *
 * Events: 'graph' (detail {previous}), 'selection', 'hover' (detail {target}), 'view' (detail {changed}), 'people',
 * 'let-go'.
 */

import { buildCards } from './cards.js';
import { groupColours } from './marks.js';
import { Selection } from './selection.js';
import { DEFAULT_VIEW } from './view-settings.js';

/** @typedef {import('./types.js').Graph} Graph */
/** @typedef {import('./types.js').Edge} Edge */
/** @typedef {import('./types.js').LayerCard} LayerCard */
/** @typedef {import('./types.js').ShareGroup} ShareGroup */
/** @typedef {import('./types.js').Diagnostic} Diagnostic */
/** @typedef {import('./types.js').CardSet} CardSet */
/** @typedef {import('./types.js').ViewSettings} ViewSettings */
/** @typedef {import('./types.js').HoverTarget} HoverTarget */

/** @type {Graph} */
export const EMPTY_GRAPH = Object.freeze({
  document: '',
  revision: 0,
  name: '',
  state: { phase: /** @type {const} */ ('TEST'), level: 0, stages: [] },
  states: [],
  verdict: /** @type {const} */ ('ok'),
  profile: /** @type {const} */ ('bvlc'),
  suggested_profile: /** @type {const} */ ('bvlc'),
  solver: null,
  layers: [],
  edges: [],
  groups: [],
  diagnostics: [],
  outputs: [],
  sources: [],
  totals: { parameters: 0, layers: 0, macs: 0, activation_bytes: 0, complete: true },
});

export class GraphModel extends EventTarget {
  /** @type {Graph} */
  #graph = EMPTY_GRAPH;
  /** @type {Map<string, LayerCard>} */
  #layers = new Map();
  /** @type {Map<string, Edge[]>} */
  #out = new Map();
  /** @type {Map<string, Edge[]>} */
  #in = new Map();
  /** @type {Map<Edge, number>} */
  #edgeIndex = new Map();
  /** @type {ViewSettings} */
  #settings;
  /** @type {CardSet | null} */
  #cards = null;
  /** @type {HoverTarget} */
  #hover = null;
  /** @type {Map<string, number>} */
  #colours = new Map();

  /** @type {Selection} */
  selection = new Selection(this);

  /** What the catalogue says of layer types. @type {ReadonlyMap<string, import('../api/types.js').CatalogueType>} */
  catalogue = new Map();

  /** Where cards were moved to, by the way the net flows. @type {Record<'down' | 'right', import('../canvas/moved.js').Moves>} */
  moves = { down: new Map(), right: new Map() };

  /** Others on this net, and what they have selected. @type {readonly import('../api/live.js').Person[]} */
  people = [];

  /** May only be looked at: nothing is moved or wired. */
  readOnly = false;

  /** A card or wire is in somebody's hand: the graph is not to change now. */
  #held = false;

  /** How another net was looked at, asked when it comes; null: it is shown as this one. @type {((document: string) => {settings: Partial<ViewSettings>, place: {x: number, y: number, zoom: number} | null}) | null} */
  recall = null;

  /** Where the camera was when this net was left; whoever opens it there takes it. @type {{x: number, y: number, zoom: number} | null} */
  place = null;

  /** The edge that is selected, of the graph as it is. @type {Edge | null} */
  #picked = null;

  /** @param {Partial<ViewSettings>} [settings] */
  constructor(settings = {}) {
    super();
    this.#settings = { ...DEFAULT_VIEW, ...settings };
  }

  get graph() {
    return this.#graph;
  }

  /**
   * Takes a new graph; what is selected stays selected where it still exists.
   * @param {Graph} graph
   */
  setGraph(graph) {
    const previous = this.#graph;
    this.#graph = graph;
    this.#layers = new Map(graph.layers.map((layer) => [layer.key, layer]));
    this.#out = groupBy(graph.edges, (edge) => edge.source);
    this.#in = groupBy(graph.edges, (edge) => edge.target);
    this.#edgeIndex = new Map(graph.edges.map((edge, i) => [edge, i]));
    this.#colours = groupColours(graph.groups);
    this.#cards = null;
    this.#hover = null;
    this.#picked = null;
    if (previous.document !== graph.document) this.#turnTo(graph.document);
    const lost = this.selection.prune();
    this.dispatchEvent(new CustomEvent('graph', { detail: { previous } }));
    if (lost) this.dispatchEvent(new CustomEvent('selection'));
  }

  /** Another net: what was done to the picture of the one before is over. @param {string} document */
  #turnTo(document) {
    this.moves = { down: new Map(), right: new Map() };
    const recalled = this.recall?.(document);
    if (!recalled) return;
    this.#settings = { ...this.#settings, ...recalled.settings };
    this.place = recalled.place;
  }

  /** @param {string} key */
  layer(key) {
    return this.#layers.get(key);
  }

  /** Edges into a layer, one a bottom. @param {string} key @returns {readonly Edge[]} */
  edgesIn(key) {
    return this.#in.get(key) ?? [];
  }

  /** @param {string} key @returns {readonly Edge[]} */
  edgesOut(key) {
    return this.#out.get(key) ?? [];
  }

  /** Index of one of the graph's edges. @param {Edge} edge */
  indexOf(edge) {
    return this.#edgeIndex.get(edge) ?? -1;
  }

  /** Keys of the layers that read a layer's tops. @param {string} key */
  readers(key) {
    return [...new Set(this.edgesOut(key).map((edge) => edge.target))];
  }

  /** Keys of the layers that a layer reads from. @param {string} key */
  producers(key) {
    return [...new Set(this.edgesIn(key).map((edge) => edge.source))];
  }

  /** Share groups that a layer's blobs belong to. @param {string} key @returns {ShareGroup[]} */
  groupsOf(key) {
    return this.#graph.groups.filter((group) => group.members.some((member) => member.layer === key));
  }

  /** Colour of a share group: 1..8, for `--ng-share-N`. @param {string} name */
  groupColour(name) {
    return this.#colours.get(name) ?? 1;
  }

  /** Other layers that share a blob with this one. @param {string} key @returns {string[]} */
  sharers(key) {
    const keys = this.groupsOf(key).flatMap((group) => group.members.map((member) => member.layer));
    return [...new Set(keys)].filter((other) => other !== key);
  }

  /** @param {string} key @returns {Diagnostic[]} */
  diagnosticsOf(key) {
    return this.#graph.diagnostics.filter((diagnostic) => diagnostic.layer === key);
  }

  /** What is drawn as one box each, after folding; made anew only when the graph or the folding changes. */
  get cards() {
    this.#cards ??= buildCards(this, this.#settings);
    return this.#cards;
  }

  get settings() {
    return this.#settings;
  }

  /** @param {Partial<ViewSettings>} patch */
  setView(patch) {
    const names = /** @type {(keyof ViewSettings)[]} */ (Object.keys(patch));
    const changed = names.filter((name) => this.#settings[name] !== patch[name]);
    if (changed.length === 0) return;
    this.#settings = { ...this.#settings, ...patch };
    if (changed.includes('fold') || changed.includes('collapsed')) this.#cards = null;
    this.dispatchEvent(new CustomEvent('view', { detail: { changed } }));
  }

  /** Cards are moved to other places, or all back to their own. @param {'down' | 'right'} direction @param {import('../canvas/moved.js').Moves} moves */
  setMoves(direction, moves) {
    this.moves = { ...this.moves, [direction]: moves };
    this.dispatchEvent(new CustomEvent('moves', { detail: { direction } }));
  }

  /** @param {readonly import('../api/live.js').Person[]} people */
  setPeople(people) {
    this.people = people;
    this.dispatchEvent(new CustomEvent('people'));
  }

  get held() {
    return this.#held;
  }

  /** A gesture begins or ends. @param {boolean} held */
  hold(held) {
    if (held === this.#held) return;
    this.#held = held;
    if (!held) this.dispatchEvent(new CustomEvent('let-go'));
  }

  get picked() {
    return this.#picked;
  }

  /** Selects an edge and no layer, or no edge. @param {Edge | null} edge */
  pick(edge) {
    if (edge === this.#picked) return;
    if (edge) this.selection.clear();
    this.#picked = edge;
    this.dispatchEvent(new CustomEvent('selection'));
  }

  get hover() {
    return this.#hover;
  }

  /** @param {HoverTarget} target */
  setHover(target) {
    const now = this.#hover;
    if (now?.layer === target?.layer && now?.edge === target?.edge && now?.group === target?.group) return;
    this.#hover = target;
    this.dispatchEvent(new CustomEvent('hover', { detail: { target } }));
  }
}

/**
 * @template T
 * @param {Iterable<T>} items @param {(item: T) => string} keyOf
 * @returns {Map<string, T[]>}
 */
function groupBy(items, keyOf) {
  /** @type {Map<string, T[]>} */
  const groups = new Map();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
