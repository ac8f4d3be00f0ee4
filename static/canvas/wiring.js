/** The wires that are being drawn on a canvas: the ports of the cards in hand, and the wire that is dragged. */

import { bottomFor, legalSources, legalTargets, openBottoms, takesMore } from '../model/wiring.js';
import { hitTest } from './hit.js';

/** @typedef {import('./view.js').CanvasView} CanvasView */
/** @typedef {import('./scene.js').Scene} Scene */
/**
 * @typedef {object} Port
 * @property {'in' | 'out'} side
 * @property {string} key
 * @property {number} index  of the top or bottom
 * @property {number} x  world
 * @property {number} y
 * @property {boolean} open  a bottom that nobody makes, or one more
 *
 * @typedef {object} Wire  one that is dragged
 * @property {Port} from  the end that stays
 * @property {number} x  where the loose end is, world
 * @property {number} y
 * @property {Set<string>} legal  layers that it may end at
 * @property {string | null} target  the one it is over
 * @property {string[]} choices  layers of the collapsed group that it is over, where several may be meant
 * @property {Port | null} port  where it would end
 * @property {import('../model/types.js').Edge | null} moved  the edge whose end was taken off
 *
 * @typedef {{layer: string, bottom: number | null, from: string, top: number}} Tie
 * @typedef {{layer: string, bottom: number}} Cut
 * @typedef {{end: 'reader' | 'source', layers: string[], tie: Tie}} Choice  which layer of a group the tie's open end is to be
 * @typedef {{tie: Tie | null, cut: Cut | null, choice: Choice | null}} Drawn  what is to be done
 */

const MOST_CARDS = 12;
const MOST_PORTS = 24;
/** How near a port the pointer must be, px. */
const REACH = 9;
/** Below this zoom cards are blocks too small for ports. */
const LEAST_ZOOM = 0.2;

export class Wiring {
  /** @type {Wire | null} */
  wire = null;

  /** @param {CanvasView} view */
  constructor(view) {
    this.view = view;
  }

  /** The ports of hovered and selected layers; while a wire is drawn, those it may end at. @returns {Port[]} */
  ports() {
    const { model, scene, compact, camera } = this.view;
    if (!scene || compact || model.readOnly || camera.zoom < LEAST_ZOOM) return [];
    if (this.wire) {
      const { target, from } = this.wire;
      return target === null ? [] : this.#portsOf(target).filter(({ side, key }) => side !== from.side && key === target);
    }
    const keys = new Set(model.selection.size <= MOST_CARDS ? model.selection.keys : []);
    if (model.hover?.layer !== undefined) keys.add(model.hover.layer);
    const cards = new Set();
    return [...keys].flatMap((key) => {
      const card = scene.set.cardOf.get(key);
      if (card === undefined || !scene.boxes[card].group) return this.#portsOf(key);
      if (cards.has(card)) return []; // a group's ports once, however many of its layers are selected
      cards.add(card);
      return this.#portsOf(key);
    });
  }

  /** @param {string} key @returns {Port[]} */
  #portsOf(key) {
    const { model, scene } = this.view;
    const card = scene?.set.cardOf.get(key);
    const layer = model.layer(key);
    if (!scene || card === undefined || !layer) return [];
    if (scene.boxes[card].group) return this.#portsOfGroup(card);
    const rows = scene.set.cards[card].rows;
    const { x, y, width, height } = scene.rect(card);
    const down = scene.direction === 'down';
    const spread = (/** @type {number} */ i, /** @type {number} */ n) => ((down ? width : height) * (i + 1)) / (n + 1);
    const place = (/** @type {'in' | 'out'} */ side, /** @type {number} */ along) => {
      const far = side === 'out';
      return down ? { x: x + along, y: far ? y + height : y } : { x: far ? x + width : x, y: y + along };
    };
    /** @type {Port[]} */
    const found = [];
    if (rows[0] === key) {
      // Of the edges that come to one bottom in different states, that of the state shown counts.
      const edges = [...model.edgesIn(key)].sort((a, b) => Number(model.layer(a.source)?.active) - Number(model.layer(b.source)?.active));
      const ends = new Map(edges.map((edge) => [edge.bottom, this.#end(edge)]));
      const count = layer.bottoms.length + (takesMore(model, layer) ? 1 : 0);
      for (let i = 0; i < count; i++) {
        const open = !ends.has(i);
        found.push({ side: 'in', key, index: i, open, ...(ends.get(i) ?? place('in', spread(i, count))) });
      }
    }
    if (rows.at(-1) === key) {
      layer.tops.forEach((_, i) => {
        const first = model.edgesOut(key).find((edge) => edge.top === i);
        const at = (first && this.#start(first)) ?? place('out', spread(i, layer.tops.length));
        found.push({ side: 'out', key, index: i, open: !first, ...at });
      });
    }
    return apart(found, down);
  }

  /** On a collapsed group's border: what comes in and goes out, and what nobody makes or reads yet. @param {number} card @returns {Port[]} */
  #portsOfGroup(card) {
    const { model } = this.view;
    const scene = /** @type {Scene} */ (this.view.scene);
    /** @type {Map<string, Port>} */
    const found = new Map();
    const add = (/** @type {Omit<Port, 'x' | 'y'>} */ port, /** @type {{x: number, y: number} | undefined} */ at) => {
      const id = `${port.side} ${port.index} ${port.key}`;
      if (!found.has(id) && found.size < MOST_PORTS) found.set(id, { ...port, x: at?.x ?? NaN, y: at?.y ?? NaN });
    };
    scene.set.edges.forEach(({ source, target, edge: index }) => {
      if (source !== card && target !== card) return;
      const edge = model.graph.edges[index];
      if (target === card) add({ side: 'in', key: edge.target, index: edge.bottom, open: false }, this.#end(edge));
      else add({ side: 'out', key: edge.source, index: edge.top, open: false }, this.#start(edge));
    });
    for (const key of scene.set.cards[card].rows) {
      const layer = model.layer(key);
      if (!layer) continue;
      for (const index of openBottoms(model, layer)) add({ side: 'in', key, index, open: true }, undefined);
      layer.tops.forEach((_, index) => {
        if (!model.edgesOut(key).some((edge) => edge.top === index)) add({ side: 'out', key, index, open: true }, undefined);
      });
    }
    const down = scene.direction === 'down';
    const { x, y, width, height } = scene.rect(card);
    for (const side of /** @type {const} */ (['in', 'out'])) {
      const loose = [...found.values()].filter((port) => port.side === side && Number.isNaN(port.x));
      loose.forEach((port, i) => {
        const along = ((down ? width : height) * (i + 1)) / (loose.length + 1);
        const far = side === 'out';
        Object.assign(port, down ? { x: x + along, y: far ? y + height : y } : { x: far ? x + width : x, y: y + along });
      });
    }
    return apart([...found.values()], down);
  }

  /** Where an edge ends. @param {import('../model/types.js').Edge} edge */
  #end(edge) {
    const { scene, model } = this.view;
    const e = scene?.cardEdge(model.indexOf(edge));
    if (!scene || e === undefined) return undefined;
    if (scene.layout.stub[e]) {
      const pill = scene.pillsOf[scene.set.edges[e].target].find((one) => one.side === 'in' && one.edges.includes(e));
      return pill && { x: pill.portX, y: pill.portY };
    }
    const k = scene.layout.starts[e + 1] - 1;
    return { x: scene.layout.points[2 * k], y: scene.layout.points[2 * k + 1] };
  }

  /** @param {import('../model/types.js').Edge} edge */
  #start(edge) {
    const { scene, model } = this.view;
    const e = scene?.cardEdge(model.indexOf(edge));
    if (!scene || e === undefined) return undefined;
    if (scene.layout.stub[e]) {
      const pill = scene.pillsOf[scene.set.edges[e].source].find((one) => one.side === 'out' && one.edges.includes(e));
      return pill && { x: pill.portX, y: pill.portY };
    }
    const k = scene.layout.starts[e];
    return { x: scene.layout.points[2 * k], y: scene.layout.points[2 * k + 1] };
  }

  /** The port under a point, of those that are shown. @param {number} x @param {number} y  world */
  at(x, y) {
    return this.#nearest(this.ports(), x, y);
  }

  /** @param {Port[]} ports @param {number} x @param {number} y  world @returns {Port | null} */
  #nearest(ports, x, y) {
    const { scene, camera } = this.view;
    /** @type {Port | null} */
    let best = null;
    let least = Infinity;
    for (const port of ports) {
      const card = scene?.set.cardOf.get(port.key);
      if (!scene || card === undefined) continue;
      // Of a card that is drawn small a part remains to take hold of.
      const within = Math.min(REACH / Math.min(1.5, camera.zoom), Math.max(10, scene.boxes[card].height * 0.28));
      const distance = Math.hypot(port.x - x, port.y - y);
      if (distance < within && distance < least) [best, least] = [port, distance];
    }
    return best;
  }

  /** A wire is drawn out of a port; from a bottom that is tied, its edge is taken off. @param {Port} port @param {number} x @param {number} y */
  begin(port, x, y) {
    const { model } = this.view;
    const edge = port.side === 'in' ? (model.edgesIn(port.key).find((one) => one.bottom === port.index) ?? null) : null;
    if (edge) {
      const start = this.#start(edge);
      const from = { side: /** @type {const} */ ('out'), key: edge.source, index: edge.top, open: false, x: start?.x ?? x, y: start?.y ?? y };
      const legal = legalTargets(model, edge.source, edge.top).add(port.key);
      this.wire = { from, x, y, legal, target: null, choices: [], port: null, moved: edge };
    } else {
      const legal = port.side === 'out' ? legalTargets(model, port.key, port.index) : legalSources(model, port.key);
      this.wire = { from: port, x, y, legal, target: null, choices: [], port: null, moved: null };
    }
    this.view.invalidate();
  }

  /** @param {number} x @param {number} y  world */
  move(x, y) {
    const { wire } = this;
    const { scene, camera } = this.view;
    if (!wire || !scene) return;
    wire.x = x;
    wire.y = y;
    wire.target = wire.port = null;
    wire.choices = [];
    // A little around each card counts as the card.
    for (const near of [0, 14]) {
      for (const [dx, dy] of near ? [[0, near], [0, -near], [near, 0], [-near, 0]] : [[0, 0]]) {
        const hit = hitTest(scene, x + dx, y + dy, camera.zoom);
        const rows = hit?.kind === 'row' ? [hit.key] : hit?.kind === 'card' ? scene.set.cards[hit.card].rows : [];
        const legal = rows.filter((key) => wire.legal.has(key));
        if (wire.target !== null || legal.length === 0) continue;
        wire.target = legal[0];
        if (hit?.kind === 'card' && scene.boxes[hit.card].group) wire.choices = legal;
      }
    }
    if (wire.target !== null) this.#aim(wire);
    this.view.invalidate();
  }

  /** The port that is meant: the one under the pointer, else the one that would be taken. @param {Wire} wire */
  #aim(wire) {
    const { model } = this.view;
    const side = wire.from.side === 'out' ? 'in' : 'out';
    const ports = this.#portsOf(/** @type {string} */ (wire.target)).filter((port) => port.side === side && wire.legal.has(port.key));
    const near = this.#nearest(ports, wire.x, wire.y);
    if (near) {
      wire.port = near;
      wire.target = near.key;
      wire.choices = [];
      return;
    }
    if (wire.choices.length > 1) return;
    const layer = model.layer(/** @type {string} */ (wire.target));
    const own = ports.filter((port) => port.key === wire.target);
    own.sort((a, b) => Math.hypot(a.x - wire.x, a.y - wire.y) - Math.hypot(b.x - wire.x, b.y - wire.y));
    if (side === 'out' || !layer) wire.port = own[0] ?? null;
    else {
      const bottom = bottomFor(model, layer, own[0]?.index ?? 0);
      wire.port = (bottom === null ? own.find((port) => port.open) : own.find((port) => port.index === bottom)) ?? null;
    }
  }

  /** The wire is let go. @returns {Drawn | null} */
  end() {
    const { wire } = this;
    this.wire = null;
    this.view.invalidate();
    if (!wire) return null;
    const { from, target, moved, port, choices } = wire;
    const cut = moved && { layer: moved.target, bottom: moved.bottom };
    if (target === null) return cut && { tie: null, cut, choice: null };
    if (target === moved?.target && (port === null || port.index === moved.bottom || port.open)) return null;
    const backwards = from.side === 'in';
    const tie = backwards
      ? { layer: from.key, bottom: this.#slot(from), from: target, top: port?.index ?? 0 }
      : { layer: target, bottom: port ? this.#slot(port) : null, from: from.key, top: from.index };
    // Taking a bottom off moves those after it up.
    if (cut && tie.layer === cut.layer && tie.bottom !== null && tie.bottom > cut.bottom) tie.bottom--;
    if (choices.length > 1) return { tie: null, cut, choice: { end: backwards ? 'source' : 'reader', layers: choices, tie } };
    return { tie, cut: backwards ? null : cut, choice: null };
  }

  /** Where a layer goes that is asked for at this port. @param {Port} port @returns {import('./add-at.js').Site} */
  siteOf(port) {
    if (port.side === 'out') return { after: port.key, top: port.index };
    return { feeds: { layer: port.key, bottom: this.#slot(port) } };
  }

  /** Nothing comes of it. */
  cancel() {
    this.wire = null;
    this.view.invalidate();
  }

  /** The bottom to tie; null: one that is open, or a new one. @param {Port} port */
  #slot({ key, index }) {
    return index < (this.view.model.layer(key)?.bottoms.length ?? 0) ? index : null;
  }
}

/** Ports that would lie on each other are moved aside. @param {Port[]} ports @param {boolean} down */
function apart(ports, down) {
  for (let i = 0; i < ports.length; i++) {
    for (let k = 0; k < i; k++) {
      const [a, b] = [ports[k], ports[i]];
      if (a.side !== b.side || Math.hypot(a.x - b.x, a.y - b.y) > 10) continue;
      if (down) b.x = a.x + 16;
      else b.y = a.y + 16;
    }
  }
  return ports;
}
