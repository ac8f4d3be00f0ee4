/** Movement over time: cards that slide to new places, and the camera's flights. */

import { between } from './camera.js';

/** @typedef {{x: number, y: number, zoom: number}} Place */

const DURATION = 220;

/** Slow at the end, quick at the start. @param {number} t */
function ease(t) {
  return 1 - (1 - t) ** 3;
}

export function prefersStill() {
  return matchMedia('(prefers-reduced-motion: reduce)').matches;
}

/** Cards on their way from old places to new ones. */
export class Slide {
  /**
   * @param {Float64Array} dx  old place minus new, one a card @param {Float64Array} dy
   * @param {Uint8Array} fresh  1: the card was not there before
   * @param {number} start
   */
  constructor(dx, dy, fresh, start) {
    this.dx = dx;
    this.dy = dy;
    this.fresh = fresh;
    this.start = start;
    this.reach = 0;
    for (let i = 0; i < dx.length; i++) this.reach = Math.max(this.reach, Math.abs(dx[i]), Math.abs(dy[i]));
  }

  /** @param {number} now @returns {{drift: {dx: Float64Array, dy: Float64Array}, fade: Float64Array} | null} null: arrived */
  at(now) {
    const t = (now - this.start) / DURATION;
    if (t >= 1) return null;
    const rest = 1 - ease(Math.max(0, t));
    return {
      drift: { dx: this.dx.map((d) => d * rest), dy: this.dy.map((d) => d * rest) },
      fade: Float64Array.from(this.fresh, (isNew) => (isNew ? 1 - rest : 1)),
    };
  }
}

/** The camera on its way. */
export class Flight {
  /** @param {Place} from @param {Place} to @param {number} start @param {number} width @param {number} height */
  constructor(from, to, start, width, height) {
    this.from = from;
    this.to = to;
    this.start = start;
    this.width = width;
    this.height = height;
  }

  /** @param {number} now @returns {{place: Place, done: boolean}} */
  at(now) {
    const t = Math.min(1, Math.max(0, (now - this.start) / DURATION));
    return { place: between(this.from, this.to, ease(t), this.width, this.height), done: t >= 1 };
  }
}
