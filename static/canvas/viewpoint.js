/** Where a view looks: opening, fitting, revealing, zooming, all by flights of the camera. */

import { Camera } from './camera.js';
import { Flight, prefersStill } from './motion.js';

/** @typedef {import('./camera.js').Box} Box */
/** @typedef {import('./scene.js').Scene} Scene */

export const MARGIN = 36;
/** At the top, where switches lie on the canvas; more where frames with titles reach up there. */
const ABOVE = 48;
const ABOVE_FRAMES = 68;
/** Around a preview, px; more where frames with titles stand around its cards. */
const CLOSE = 16;
const CLOSE_FRAMES = 36;
/** A net that fits at this zoom opens whole; others open at their top at zoom 1. */
export const READABLE = 0.75;
/** Below this zoom a card is a mark without words. */
const FAR = 0.3;
/** Around what is revealed, px; more below it, where the tools lie on the canvas. */
const AROUND = 48;
const BELOW = 104;

export class Viewpoint {
  camera = new Camera();
  /** @type {Scene | null} */
  scene = null;
  /** @type {Flight | null} */
  flight = null;
  opened = false;
  /** Moved since it was opened: then a change of size leaves it where it is. */
  touched = false;
  compact = false;
  /** What is to be revealed once there is room. @type {string[] | null} */
  wanted = null;

  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.canvas = canvas;
  }

  /** Draws soon. */
  invalidate() {}

  /** The opening view: the whole net where it is readable so, else its top at zoom 1. @param {boolean} fly */
  home(fly) {
    if (!this.scene || this.camera.width <= 1) return;
    const { camera, scene } = this;
    const target = camera.like();
    camera.limit(scene.bounds);
    target.fit(scene.bounds, !this.compact ? MARGIN : scene.frames.length ? CLOSE_FRAMES : CLOSE);
    if (!this.compact && target.zoom < READABLE) {
      target.zoom = 1;
      const first = this.#firstCard(scene);
      target.centre(first.x + first.width / 2, first.y + first.height / 2);
      const { minX, maxX } = scene.bounds;
      if (scene.direction === 'down' && maxX - minX < camera.width - 2 * MARGIN) target.x = (minX + maxX - camera.width) / 2;
      if (scene.direction === 'down') target.y = scene.bounds.minY - (scene.frames.length > 0 ? ABOVE_FRAMES : ABOVE);
      else target.x = scene.bounds.minX - MARGIN;
    }
    this.goTo(target.place(), fly && this.opened);
    this.opened = true;
    this.touched = false;
  }

  /** @param {Scene} scene */
  #firstCard(scene) {
    const index = scene.boxes.findIndex((box, i) => box.active && scene.layout.rank[i] === 0);
    return scene.rect(Math.max(0, index));
  }

  /** @param {ReadonlySet<string> | null} [keys]  only these layers */
  fit(keys = null) {
    if (!this.scene) return;
    const box = keys && keys.size > 0 ? this.#boxOf(keys) : this.scene.bounds;
    if (!box) return;
    const target = this.camera.like();
    target.fit(box, MARGIN);
    this.goTo(target.place(), true);
  }

  /** @param {string} key */
  zoomTo(key) {
    const rect = this.scene?.layerRect(key);
    if (!rect) return;
    const target = this.camera.like();
    target.zoom = Math.max(0.8, Math.min(1.25, this.camera.zoom));
    target.centre(rect.x + rect.width / 2, rect.y + rect.height / 2);
    this.goTo(target.place(), true);
  }

  /** Moves only as far as needed. @param {Iterable<string>} keys @param {boolean} [closer] comes near enough to read */
  reveal(keys, closer = false) {
    if (this.camera.width <= 1) this.wanted = [...keys]; // the page has given it no size yet
    const box = this.camera.width > 1 ? this.#boxOf(keys) : null;
    if (!box) return;
    const { camera } = this;
    const from = this.flight?.to ?? camera.place();
    const margin = AROUND / from.zoom;
    const below = BELOW / from.zoom;
    const w = camera.width / from.zoom;
    const h = camera.height / from.zoom;
    const far = closer && from.zoom < FAR;
    if (far || box.maxX - box.minX + 2 * margin > w || box.maxY - box.minY + margin + below > h) {
      const target = camera.like();
      target.fit(box, MARGIN, far ? 1 : from.zoom);
      this.goTo(target.place(), true);
      return;
    }
    let x = Math.min(box.minX - margin, Math.max(box.maxX + margin - w, from.x));
    const y = Math.min(box.minY - margin, Math.max(box.maxY + below - h, from.y));
    // Not under the minimap, where there is room beside it.
    const { width, height } = camera.corner;
    const under = box.maxY > y + h - height / from.zoom ? box.maxX + margin / 2 - (x + w - width / from.zoom) : 0;
    if (width > 0 && under > 0) x = Math.min(box.minX - margin, x + under);
    if (x !== from.x || y !== from.y) this.goTo({ x, y, zoom: from.zoom }, true);
  }

  /** @param {Iterable<string>} keys @returns {Box | null} */
  #boxOf(keys) {
    const box = { minX: Infinity, minY: Infinity, maxX: -Infinity, maxY: -Infinity };
    for (const key of keys) {
      const rect = this.scene?.layerRect(key);
      if (!rect) continue;
      box.minX = Math.min(box.minX, rect.x);
      box.minY = Math.min(box.minY, rect.y);
      box.maxX = Math.max(box.maxX, rect.x + rect.width);
      box.maxY = Math.max(box.maxY, rect.y + rect.height);
    }
    return box.minX === Infinity ? null : box;
  }

  /** @param {string} key */
  clientRectOf(key) {
    const rect = this.scene?.layerRect(key);
    if (!rect) return null;
    const { x, y } = this.camera.toScreen(rect.x, rect.y);
    const host = this.canvas.getBoundingClientRect();
    return new DOMRect(host.left + x, host.top + y, rect.width * this.camera.zoom, rect.height * this.camera.zoom);
  }

  /** Whether cards are in a part of the view. @param {number} left @param {number} top @param {number} width @param {number} height  px */
  coversCards(left, top, width, height) {
    const from = this.camera.toWorld(left, top);
    const to = this.camera.toWorld(left + width, top + height);
    return (this.scene?.cardsIn({ minX: from.x, minY: from.y, maxX: to.x, maxY: to.y }).length ?? 0) > 0;
  }

  /** @param {{x: number, y: number, zoom: number}} place @param {boolean} fly */
  goTo(place, fly) {
    this.touched = true;
    if (fly && !prefersStill()) {
      const { camera } = this;
      this.flight = new Flight(camera.place(), place, performance.now(), camera.width, camera.height);
    } else {
      this.flight = null;
      this.camera.moveTo(place);
    }
    this.moved();
  }

  stopFlight() {
    this.flight = null;
  }

  /** @param {number} dx @param {number} dy  screen px */
  panBy(dx, dy) {
    this.touched = true;
    this.camera.panBy(dx, dy);
    this.moved();
  }

  /** @param {number} way */
  page(way) {
    const along = this.scene?.direction === 'right' ? 'x' : 'y';
    const size = along === 'x' ? this.camera.width : this.camera.height;
    const place = this.camera.place();
    place[along] += (way * size * 0.8) / place.zoom;
    this.goTo(place, true);
  }

  /** @param {number} factor @param {number} x @param {number} y */
  zoomAt(factor, x, y) {
    this.touched = true;
    this.camera.zoomAt(factor, x, y);
    this.moved();
  }

  /** About the middle. @param {number} factor */
  zoomBy(factor) {
    const { width, height } = this.camera;
    const target = this.camera.like();
    if (this.flight) target.moveTo(this.flight.to);
    target.zoomAt(factor, width / 2, height / 2);
    this.goTo(target.place(), true);
  }

  /** @param {number} wx @param {number} wy */
  centre(wx, wy) {
    this.touched = true;
    this.stopFlight();
    this.camera.centre(wx, wy);
    this.moved();
  }

  moved() {
    if (this.scene && this.camera.width > 1) this.camera.hold(this.scene.bounds); // before it has a size, nothing is in view
    this.invalidate();
  }
}
