/** The whole net, small, with the part in view framed; a press or drag on it moves there. */

import { personColours } from './draw-presence.js';
import { familyColours } from './theme.js';
import { withAlpha } from './colour.js';

/** @typedef {import('./scene.js').Scene} Scene */
/** @typedef {import('./theme.js').Theme} Theme */
/** @typedef {import('./camera.js').Camera} Camera */

const WIDTH = 132;
/** On a canvas narrower than so many px the map is narrower, too. */
const NARROW = 640;
const NARROW_WIDTH = 92;
const HEIGHT = 220;
const PAD = 8;
/** Between it and the canvas's edge. */
const EDGE = 12;
const MOST_SCALE = 0.09;

export class Minimap {
  /** @type {Scene | null} */
  #scene = null;
  /** @type {HTMLCanvasElement} the net alone, drawn once a scene and theme */
  #picture = document.createElement('canvas');
  #ratio = 1;
  #left = 0;
  #top = 0;
  #sx = 1;
  #sy = 1;

  /** @param {HTMLCanvasElement} canvas @param {(x: number, y: number) => void} moveTo  world point to centre on */
  constructor(canvas, moveTo) {
    this.canvas = canvas;
    const follow = (/** @type {PointerEvent} */ event) => {
      const box = canvas.getBoundingClientRect();
      const x = (event.clientX - box.left) * (canvas.clientWidth / box.width);
      const y = (event.clientY - box.top) * (canvas.clientHeight / box.height);
      moveTo((x - this.#left) / this.#sx, (y - this.#top) / this.#sy);
    };
    canvas.addEventListener('pointerdown', (event) => {
      canvas.setPointerCapture(event.pointerId);
      event.stopPropagation();
      event.preventDefault();
      follow(event);
    });
    canvas.addEventListener('pointermove', (event) => {
      if (canvas.hasPointerCapture(event.pointerId)) follow(event);
    });
  }

  /** @param {Scene} scene @param {Theme} theme @param {number} ratio @param {{width: number, height: number}} room  there is */
  setScene(scene, theme, ratio, room) {
    this.#scene = scene;
    this.#ratio = ratio;
    const { minX, minY, maxX, maxY } = scene.bounds;
    const [w, h] = [Math.max(1, maxX - minX), Math.max(1, maxY - minY)];
    const most = Math.max(80, Math.min(HEIGHT * 1.6, room.height * 0.45));
    const width = room.width < NARROW ? NARROW_WIDTH : WIDTH;
    // Deep nets are drawn shorter than true, wide ones narrower: the overview must stay readable.
    this.#sx = Math.min(MOST_SCALE, (width - 2 * PAD) / w);
    this.#sy = Math.min(this.#sx, (most - 2 * PAD) / h);
    this.#sx = Math.min(this.#sx, Math.max(this.#sy * 6, 28 / w));
    const height = Math.round(Math.max(56, Math.min(most, h * this.#sy + 2 * PAD)));
    this.#left = (width - w * this.#sx) / 2 - minX * this.#sx;
    this.#top = (height - h * this.#sy) / 2 - minY * this.#sy;
    for (const canvas of [this.canvas, this.#picture]) {
      canvas.width = width * ratio;
      canvas.height = height * ratio;
    }
    this.canvas.style.width = `${width}px`;
    this.canvas.style.height = `${height}px`;
    this.#paint(scene, theme);
  }

  /** How far it reaches into the canvas from its corner, px. */
  corner() {
    return { width: parseFloat(this.canvas.style.width) + EDGE, height: parseFloat(this.canvas.style.height) + EDGE };
  }

  /** @param {Scene} scene @param {Theme} theme */
  #paint(scene, theme) {
    const c = /** @type {CanvasRenderingContext2D} */ (this.#picture.getContext('2d'));
    c.setTransform(this.#ratio, 0, 0, this.#ratio, 0, 0);
    /** @type {Map<string, number[]>} */
    const byColour = new Map();
    scene.boxes.forEach((box, i) => {
      const problem = box.rows.some((row) => row.layer.problems.error > 0);
      const block = familyColours(theme, box.family).block;
      const colour = problem ? theme.colour.error : box.active ? block : withAlpha(block, 0.4);
      const list = byColour.get(colour);
      if (list) list.push(i);
      else byColour.set(colour, [i]);
    });
    for (const [colour, list] of byColour) {
      c.fillStyle = colour;
      c.beginPath();
      for (const i of list) {
        const { x, y, width, height } = scene.rect(i);
        const w = Math.max(1.5, width * this.#sx);
        const h = Math.max(0.75, height * this.#sy);
        c.rect(x * this.#sx + this.#left, y * this.#sy + this.#top, w, h);
      }
      c.fill();
    }
  }

  /** Where others are: a dot at the first of what each has selected. @param {CanvasRenderingContext2D} c @param {Theme} theme @param {readonly import('../api/live.js').Person[]} people */
  #others(c, theme, people) {
    const { colours } = personColours(theme);
    for (const { selection, colour } of people) {
      const rect = selection.length ? this.#scene?.layerRect(selection[0]) : null;
      if (!rect) continue;
      const x = (rect.x + rect.width / 2) * this.#sx + this.#left;
      const y = (rect.y + rect.height / 2) * this.#sy + this.#top;
      c.beginPath();
      c.arc(x, y, 3.5, 0, 7);
      c.fillStyle = colours[colour - 1] ?? colours[0];
      c.fill();
      c.strokeStyle = theme.colour.raised;
      c.lineWidth = 1.5;
      c.stroke();
    }
  }

  /**
   * @param {Camera} camera @param {Theme} theme @param {(key: string) => boolean} selected @param {number} count  of selected layers
   * @param {readonly import('../api/live.js').Person[]} [people]
   */
  draw(camera, theme, selected, count, people = []) {
    const c = this.canvas.getContext('2d');
    if (!c || !this.#scene) return;
    c.setTransform(1, 0, 0, 1, 0, 0);
    c.clearRect(0, 0, this.canvas.width, this.canvas.height);
    c.drawImage(this.#picture, 0, 0);
    c.setTransform(this.#ratio, 0, 0, this.#ratio, 0, 0);
    if (count > 0 && count <= 400) {
      c.fillStyle = theme.colour.selection;
      const scene = this.#scene;
      scene.boxes.forEach((box, i) => {
        if (!box.rows.some((row) => selected(row.layer.key))) return;
        const { x, y, width, height } = scene.rect(i);
        const h = Math.max(2, height * this.#sy);
        c.fillRect(x * this.#sx + this.#left, y * this.#sy + this.#top, Math.max(3, width * this.#sx), h);
      });
    }
    this.#others(c, theme, people);
    const view = camera.view();
    const clamp = (/** @type {number} */ value, /** @type {number} */ most) => Math.max(1, Math.min(most - 1, value));
    const width = this.canvas.width / this.#ratio;
    const height = this.canvas.height / this.#ratio;
    const x = clamp(view.minX * this.#sx + this.#left, width);
    const y = clamp(view.minY * this.#sy + this.#top, height);
    const w = Math.max(6, clamp(view.maxX * this.#sx + this.#left, width) - x);
    const h = Math.max(6, clamp(view.maxY * this.#sy + this.#top, height) - y);
    c.beginPath();
    c.roundRect(x + 0.5, y + 0.5, w - 1, h - 1, 3);
    c.fillStyle = withAlpha(theme.colour.selection, 0.1);
    c.fill();
    c.strokeStyle = theme.colour.selection;
    c.lineWidth = 1.25;
    c.stroke();
  }
}
