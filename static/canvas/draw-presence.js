/** What others have selected: outlines in their colours, outside of one's own selection, and once their name. Knows no events. */

import { RADIUS } from './card-boxes.js';
import { roundRect } from './draw-card.js';

/** @typedef {import('../api/live.js').Person} Person */
/** @typedef {import('./scene.js').Scene} Scene */
/** @typedef {import('./draw-card.js').Look} Look */
/** @typedef {import('./camera.js').Box} Box */
/** @typedef {Box & {card: number, radius: number}} Outline  world */

/** Px of the screen, whatever the zoom. */
const THICK = 2;
const APART = 4;
const STEP = 3.5;
const LABEL = 17;
const MOST_NAME = 140;

const LIGHT = ['#1d5fc2', '#a84800', '#7a3db8', '#b3246f', '#66690a', '#0a6f8f', '#8a4b2a', '#5a6472'];

/** @type {WeakMap<object, {colours: string[], text: string}>} */
const palettes = new WeakMap();

/** The colours of people in the theme that is shown. @param {object} theme made anew when the page's tokens change */
export function personColours(theme) {
  let found = palettes.get(theme);
  if (!found) {
    const style = getComputedStyle(document.documentElement);
    const read = (/** @type {string} */ name) => style.getPropertyValue(`--ng-person-${name}`).trim();
    found = { colours: LIGHT.map((colour, i) => read(String(i + 1)) || colour), text: read('text') || '#ffffff' };
    palettes.set(theme, found);
  }
  return found;
}

/**
 * @param {CanvasRenderingContext2D} c @param {Scene} scene @param {readonly Person[]} people @param {Look} look
 * @param {Box} view  world @param {import('./edge-paths.js').Drift} drift
 */
export function drawPresence(c, scene, people, look, view, drift) {
  if (!people.length) return;
  const { colours, text } = personColours(look.theme);
  /** @type {Map<string, number>} how many have outlined a place */
  const rings = new Map();
  /** @type {Map<string, number>} where the next name at a place begins, px of the screen */
  const named = new Map();
  /** @type {(() => void)[]} names come last: no outline may cross them */
  const names = [];
  for (const person of people) {
    if (!person.selection.length) continue;
    const colour = colours[person.colour - 1] ?? colours[0];
    c.strokeStyle = colour;
    c.lineWidth = THICK / look.zoom;
    c.beginPath();
    /** @type {(Outline & {place: string, ring: number}) | null} */
    let top = null;
    for (const outline of outlinesOf(scene, person.selection, drift)) {
      const place = `${outline.card} ${outline.minY}`;
      const ring = rings.get(place) ?? 0;
      rings.set(place, ring + 1);
      const out = (APART + ring * STEP) / Math.min(1, look.zoom);
      const grown = { ...outline, place, ring, minX: outline.minX - out, minY: outline.minY - out, maxX: outline.maxX + out, maxY: outline.maxY + out };
      if (grown.maxX < view.minX || grown.minX > view.maxX || grown.maxY < view.minY || grown.minY > view.maxY) continue;
      c.roundRect(grown.minX, grown.minY, grown.maxX - grown.minX, grown.maxY - grown.minY, outline.radius + out);
      if (!top || grown.minY < top.minY) top = grown;
    }
    c.stroke();
    const at = top;
    // of several around one card, all names lie above the outermost outline
    if (at) names.push(() => drawName(c, person.name, colour, text, { ...at, minY: at.minY - outside(at, rings, look.zoom) }, look, view, named));
  }
  for (const draw of names) draw();
}

/** How much further out the outermost outline lies. @param {{place: string, ring: number}} at @param {ReadonlyMap<string, number>} rings @param {number} zoom */
function outside({ place, ring }, rings, zoom) {
  return (((rings.get(place) ?? 1) - 1 - ring) * STEP) / Math.min(1, zoom);
}

/** Whole cards where all their layers are meant, else the rows. @param {Scene} scene @param {readonly string[]} keys @param {import('./edge-paths.js').Drift} drift @returns {Outline[]} */
function outlinesOf(scene, keys, drift) {
  /** @type {Map<number, string[]>} */
  const byCard = new Map();
  for (const key of keys) {
    const card = scene.set.cardOf.get(key);
    if (card === undefined) continue;
    const list = byCard.get(card);
    if (list) list.push(key);
    else byCard.set(card, [key]);
  }
  return [...byCard].flatMap(([card, chosen]) => {
    const dx = drift ? drift.dx[card] : 0;
    const dy = drift ? drift.dy[card] : 0;
    const box = scene.boxes[card];
    const whole = box.group || chosen.length === box.rows.length;
    const rects = whole ? [scene.rect(card)] : chosen.map((key) => scene.layerRect(key));
    return rects.flatMap((rect) =>
      rect === null
        ? []
        : [{ card, radius: whole ? RADIUS : 2, minX: rect.x + dx, minY: rect.y + dy, maxX: rect.x + dx + rect.width, maxY: rect.y + dy + rect.height }],
    );
  });
}

/**
 * @param {CanvasRenderingContext2D} c @param {string} name @param {string} colour @param {string} text @param {Outline} at
 * @param {Look} look @param {Box} view @param {Map<string, number>} named
 */
function drawName(c, name, colour, text, at, { fonts, meter, zoom }, view, named) {
  const words = meter.cut(name, fonts.type, MOST_NAME);
  const width = meter.width(words, fonts.type) + 12;
  const place = `${at.card}`;
  const along = named.get(place) ?? 0;
  named.set(place, along + width + 3);
  c.save();
  // above its outline, or inside of the view where that begins higher up; as large as anything on the page
  c.translate(Math.max(at.minX, view.minX), Math.max(at.minY - (LABEL - 1) / zoom, view.minY));
  c.scale(1 / zoom, 1 / zoom);
  roundRect(c, along - THICK / 2, 0, width, LABEL, 4);
  c.fillStyle = colour;
  c.fill();
  c.font = fonts.type;
  c.textBaseline = 'middle';
  c.fillStyle = text;
  c.fillText(words, along - THICK / 2 + 6, LABEL / 2 + 0.5);
  c.restore();
}
