/** What is on the canvas and where: cards, edges, stub pills, with indexes for what is in view and under the pointer. */

import RBush from '../vendor/rbush.js';
import { withMoves } from './moved.js';
import { framesOf } from './draw-frames.js';
import { placePills } from './pills.js';

/** @typedef {import('../model/types.js').CardSet} CardSet */
/** @typedef {import('../model/graph-model.js').GraphModel} GraphModel */
/** @typedef {import('../layout/types.js').LayoutResult} LayoutResult */
/** @typedef {import('./card-boxes.js').CardBox} CardBox */
/** @typedef {import('./camera.js').Box} Box */
/** @typedef {Box & {i: number}} Item */

export class Scene {
  /** @type {RBush<Item>} */
  #cardIndex = new RBush();
  /** @type {RBush<Item>} */
  #edgeIndex = new RBush();
  /** @type {Map<number, number>} graph edge -> card edge */
  #edgeOf = new Map();

  /**
   * @param {GraphModel} model @param {CardSet} set @param {CardBox[]} boxes @param {LayoutResult} layout
   * @param {'down' | 'right'} direction @param {(text: string) => number} pillWidth
   */
  constructor(model, set, boxes, layout, direction, pillWidth) {
    this.model = model;
    this.set = set;
    this.boxes = boxes;
    this.plain = layout;
    layout = withMoves(layout, set, boxes, model.moves[direction]);
    this.layout = layout;
    this.direction = direction;
    this.bounds = layout.bounds;
    this.pills = placePills(model, set, boxes, layout, direction, pillWidth);
    /** @type {import('./pills.js').Pill[][]} */
    this.pillsOf = boxes.map(() => []);
    for (const pill of this.pills) this.pillsOf[pill.card].push(pill);
    this.#cardIndex.load(boxes.map((_, i) => this.#cardItem(i)));
    const edges = [];
    for (let e = 0; e < set.edges.length; e++) {
      for (const edge of [set.edges[e].edge, ...set.edges[e].also]) this.#edgeOf.set(edge, e);
      if (!layout.stub[e]) edges.push(this.#edgeItem(e));
    }
    this.#edgeIndex.load(edges);
    this.frames = framesOf(this);
  }

  /** Left, top, width, height of a card. @param {number} i */
  rect(i) {
    const { width, height } = this.boxes[i];
    return { x: this.layout.x[i] - width / 2, y: this.layout.y[i] - height / 2, width, height };
  }

  /** Where a layer is drawn: its row, or the group it is collapsed into. @param {string} key */
  layerRect(key) {
    const i = this.set.cardOf.get(key);
    if (i === undefined) return null;
    const card = this.rect(i);
    const { rows } = this.boxes[i];
    const row = rows.length > 1 ? rows.find((box) => box.layer.key === key) : undefined;
    return row ? { x: card.x, y: card.y + row.y, width: card.width, height: row.height } : card;
  }

  /** @param {number} graphEdge @returns {number | undefined} index in set.edges */
  cardEdge(graphEdge) {
    return this.#edgeOf.get(graphEdge);
  }

  /** Cards that touch a box, from the lowest to the topmost: in file order, those that people moved over the others. @param {Box} box */
  cardsIn(box) {
    const found = this.#cardIndex.search(box).map((item) => item.i);
    if (this.layout === this.plain) return found.sort((a, b) => a - b);
    const moved = (/** @type {number} */ i) => Number(this.layout.x[i] !== this.plain.x[i] || this.layout.y[i] !== this.plain.y[i]);
    return found.sort((a, b) => moved(a) - moved(b) || a - b);
  }

  /** Edges (not stubs) whose surroundings touch a box. @param {Box} box */
  edgesIn(box) {
    return this.#edgeIndex.search(box).map((item) => item.i);
  }

  /** @param {number} i @returns {Item} with the card's pills */
  #cardItem(i) {
    const { x, y, width, height } = this.rect(i);
    const item = { minX: x, minY: y, maxX: x + width, maxY: y + height, i };
    for (const pill of this.pillsOf[i]) {
      item.minX = Math.min(item.minX, pill.x);
      item.maxX = Math.max(item.maxX, pill.x + pill.width);
      item.minY = Math.min(item.minY, pill.y);
      item.maxY = Math.max(item.maxY, pill.y + pill.height);
    }
    return item;
  }

  /** @param {number} e @returns {Item} */
  #edgeItem(e) {
    const { points, starts } = this.layout;
    const item = { minX: Infinity, minY: Infinity, maxX: -Infinity, maxY: -Infinity, i: e };
    for (let k = starts[e]; k < starts[e + 1]; k++) {
      item.minX = Math.min(item.minX, points[2 * k]);
      item.maxX = Math.max(item.maxX, points[2 * k]);
      item.minY = Math.min(item.minY, points[2 * k + 1]);
      item.maxY = Math.max(item.maxY, points[2 * k + 1]);
    }
    return item;
  }
}
