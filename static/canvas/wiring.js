/** The wires that are being drawn on a canvas: the ports of the cards in hand, and the wire that is dragged. */

import { bottomFor, legalSources, legalTargets, openBottoms, takesMore } from '../model/wiring.js';
import { hitTest } from './hit.js';

/** @typedef {import('./view.js').CanvasView} CanvasView */
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
 * @property {import('../model/types.js').Edge | null} moved  the edge whose end was taken off
 *
 * @typedef {{layer: string, bottom: number | null, from: string, top: number}} Tie
 * @typedef {{layer: string, bottom: number}} Cut
 */

const MOST_CARDS = 12;
const REACH = 9;

export class Wiring {
  /** @type {Wire | null} */
  wire = null;

  /** @param {CanvasView} view */
  constructor(view) {
    this.view = view;
  }

  /** The ports of hovered and selected layers. @returns {Port[]} */
  ports() {
    const { model, scene, compact, camera } = this.view;
    if (!scene || compact || camera.zoom < 0.45) return [];
    if (this.wire) return [];
    const keys = new Set(model.selection.size <= MOST_CARDS ? model.selection.keys : []);
    if (model.hover?.layer !== undefined) keys.add(model.hover.layer);
    return [...keys].flatMap((key) => this.#portsOf(key));
  }

  /** @param {string} key @returns {Port[]} */
  #portsOf(key) {
    const { model, scene } = this.view;
    const card = scene?.set.cardOf.get(key);
    const layer = model.layer(key);
    if (!scene || card === undefined || !layer || scene.boxes[card].group) return [];
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
    const within = REACH / Math.min(1.5, this.view.camera.zoom);
    /** @type {Port | null} */
    let best = null;
    let least = within;
    for (const port of this.ports()) {
      const distance = Math.hypot(port.x - x, port.y - y);
      if (distance < least) [best, least] = [port, distance];
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
      this.wire = { from, x, y, legal, target: null, moved: edge };
    } else {
      const legal = port.side === 'out' ? legalTargets(model, port.key, port.index) : legalSources(model, port.key);
      this.wire = { from: port, x, y, legal, target: null, moved: null };
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
    wire.target = null;
    // A little around each card counts as the card.
    for (const near of [0, 14]) {
      for (const [dx, dy] of near ? [[0, near], [0, -near], [near, 0], [-near, 0]] : [[0, 0]]) {
        const hit = hitTest(scene, x + dx, y + dy, camera.zoom);
        const rows = hit?.kind === 'row' ? [hit.key] : hit?.kind === 'card' ? scene.set.cards[hit.card].rows : [];
        wire.target ??= rows.find((key) => wire.legal.has(key)) ?? null;
      }
    }
    this.view.invalidate();
  }

  /** The wire is let go. @returns {{tie: Tie | null, cut: Cut | null} | null} what is to be done */
  end() {
    const { wire } = this;
    this.wire = null;
    this.view.invalidate();
    if (!wire) return null;
    const { from, target, moved } = wire;
    const cut = moved && { layer: moved.target, bottom: moved.bottom };
    if (target === null) return cut && { tie: null, cut };
    if (target === moved?.target) return null;
    if (from.side === 'in') {
      return { tie: { layer: from.key, bottom: this.#slot(from), from: target, top: 0 }, cut: null };
    }
    return { tie: { layer: target, bottom: this.#bottomAt(target, wire), from: from.key, top: from.index }, cut };
  }

  /** Nothing comes of it. */
  cancel() {
    this.wire = null;
    this.view.invalidate();
  }

  /** @param {Port} port */
  #slot(port) {
    const layer = this.view.model.layer(port.key);
    return layer && (port.index < layer.bottoms.length || openBottoms(this.view.model, layer).length === 0) ? port.index : null;
  }

  /** @param {string} key @param {{x: number, y: number}} at */
  #bottomAt(key, at) {
    const { model } = this.view;
    const layer = model.layer(key);
    if (!layer) return null;
    const inputs = this.#portsOf(key).filter((port) => port.side === 'in');
    inputs.sort((a, b) => Math.hypot(a.x - at.x, a.y - at.y) - Math.hypot(b.x - at.x, b.y - at.y));
    return bottomFor(model, layer, inputs[0]?.index ?? 0);
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
