/** Frames around the copies of a part, with their suffix: which column is which twin. */

import { copies } from '../model/name-groups.js';
import { withAlpha } from './colour.js';
import { roundRect } from './draw-card.js';

/** @typedef {import('./scene.js').Scene} Scene */
/** @typedef {import('./camera.js').Box} Box */
/** @typedef {Box & {title: string, keys: string[], cards: number[]}} Frame */

const PAD = 12;
const TITLE = 22;
/** Beside a title that stands on its frame's border, px. */
const CHIP = 5;
const CHIP_HEIGHT = 17;
/** Below this zoom titles keep their size on the screen. */
const NEAR = 0.85;

/**
 * A copy is framed where its cards stand together: no card of another part lies in the frame.
 * @param {Scene} scene
 * @returns {Frame[]}
 */
export function framesOf(scene) {
  /** @type {Frame[]} */
  const frames = [];
  for (const { suffix, keys } of copies(scene.model.graph)) {
    const cards = new Set(keys.map((key) => scene.set.cardOf.get(key)).filter((i) => i !== undefined));
    if (cards.size < 2) continue;
    const frame = { minX: Infinity, minY: Infinity, maxX: -Infinity, maxY: -Infinity, title: `…${suffix}`, keys, cards: [...cards] };
    for (const i of cards) {
      const { x, y, width, height } = scene.rect(i);
      frame.minX = Math.min(frame.minX, x - PAD);
      frame.maxX = Math.max(frame.maxX, x + width + PAD);
      frame.minY = Math.min(frame.minY, y - TITLE);
      frame.maxY = Math.max(frame.maxY, y + height + PAD);
    }
    if (scene.cardsIn(frame).every((i) => cards.has(i))) frames.push(frame);
  }
  return frames;
}

/** @param {CanvasRenderingContext2D} c @param {Frame[]} frames @param {import('./draw-card.js').Look} look */
export function drawFrames(c, frames, { theme, zoom, selected }) {
  for (const frame of frames) {
    const on = frame.keys.every(selected);
    roundRect(c, frame.minX, frame.minY, frame.maxX - frame.minX, frame.maxY - frame.minY, 14);
    c.fillStyle = withAlpha(on ? theme.colour.selection : theme.colour.text, theme.dark ? 0.05 : 0.03);
    c.fill();
    c.strokeStyle = withAlpha(on ? theme.colour.selection : theme.colour.text, on ? 0.6 : 0.14);
    c.lineWidth = Math.max(1, 0.8 / zoom);
    c.stroke();
  }
}

/**
 * From afar a title is larger than its frame's margin: it stands outside, at that of the frame's corners where no card is,
 * and is left out where the frame is narrower than it.
 * @param {CanvasRenderingContext2D} c @param {Scene} scene @param {Frame[]} frames @param {import('./draw-card.js').Look} look
 */
export function drawFrameTitles(c, scene, frames, { theme, fonts, zoom, meter, selected }) {
  const scale = Math.max(1, NEAR / zoom);
  for (const frame of frames) {
    const { title, keys, minX, minY, maxX } = frame;
    const width = meter.width(title, fonts.type) + 2 * CHIP;
    if (width * scale > maxX - minX) continue;
    const at = scale > 1 ? titlePlace(scene, frame, width * scale, CHIP_HEIGHT * scale) : { x: minX + 12 - CHIP, y: minY + 3 };
    c.save();
    c.translate(at.x, at.y);
    c.scale(scale, scale);
    if (scale > 1) {
      roundRect(c, 0, 1, width, CHIP_HEIGHT - 2, 4);
      c.fillStyle = withAlpha(theme.colour.bg, 0.92);
      c.fill();
    }
    c.font = fonts.type;
    c.textBaseline = 'alphabetic';
    c.fillStyle = keys.every(selected) ? theme.colour.selection : theme.colour['text-muted'];
    c.fillText(title, CHIP, 12);
    c.restore();
  }
}

/** Above the frame, rather at its left than at its right, where a title would seem to be the next frame's; else below it. @param {Scene} scene @param {Frame} frame @param {number} width @param {number} height */
function titlePlace(scene, { minX, minY, maxX, maxY }, width, height) {
  const above = [0, 0.25, 0.5].map((part) => ({ x: minX + part * (maxX - minX - width), y: minY - height }));
  const places = [...above, { x: minX, y: maxY }, { x: maxX - width, y: minY - height }];
  return places.find(({ x, y }) => scene.cardsIn({ minX: x, minY: y, maxX: x + width, maxY: y + height }).length === 0) ?? places[0];
}

/** The frame whose title or border is at a point. @param {Frame[]} frames @param {number} x @param {number} y @param {number} zoom */
export function frameAt(frames, x, y, zoom) {
  const near = 5 / zoom;
  return (
    frames.find(({ minX, minY, maxX, maxY }) => {
      if (x < minX - near || x > maxX + near || y < minY - near || y > maxY + near) return false;
      const border = x < minX + near || x > maxX - near || y < minY + near || y > maxY - near;
      return border || (x < minX + 60 && y < minY + TITLE - 2);
    }) ?? null
  );
}
