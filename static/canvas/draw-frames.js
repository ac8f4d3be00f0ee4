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
 * Over everything else, since from afar a title is larger than its frame's margin: then it stands on the border, and is
 * left out where the frame is narrower than it.
 * @param {CanvasRenderingContext2D} c @param {Frame[]} frames @param {import('./draw-card.js').Look} look @param {number} top  of what is in view
 */
export function drawFrameTitles(c, frames, { theme, fonts, zoom, meter, selected }, top) {
  const scale = Math.max(1, NEAR / zoom);
  for (const { title, keys, minX, minY, maxX } of frames) {
    const width = meter.width(title, fonts.type);
    if ((width + 2 * CHIP) * scale > maxX - minX) continue;
    const apart = scale > 1;
    c.save();
    c.translate(minX + (apart ? 6 * scale : 12), apart ? Math.max(minY, top + 18 * scale) : minY + 15);
    c.scale(scale, scale);
    if (apart) {
      roundRect(c, 0, -17, width + 2 * CHIP, 16, 4);
      c.fillStyle = withAlpha(theme.colour.bg, 0.92);
      c.fill();
    }
    c.font = fonts.type;
    c.textBaseline = 'alphabetic';
    c.fillStyle = keys.every(selected) ? theme.colour.selection : theme.colour['text-muted'];
    c.fillText(title, apart ? CHIP : 0, apart ? -5 : 0);
    c.restore();
  }
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
