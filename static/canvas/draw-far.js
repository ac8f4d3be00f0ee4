/** A card at middle distance: its name as large as can be read, and what it is where there is room. World units. */

import { BAR, RADIUS } from './card-boxes.js';
import { HEAT, heatOf, rings, roundRect } from './draw-card.js';
import { drawMark } from './draw-marks.js';
import { LEAST, farScale, lastPart, shortName, shrink, twoLines } from './far-text.js';
import { familyColours } from './theme.js';

/** @typedef {import('./card-boxes.js').CardBox} CardBox */
/** @typedef {import('./card-boxes.js').PlacedMark} PlacedMark */
/** @typedef {import('./draw-card.js').Look} Look */
/** @typedef {{scale: number, name: string[], type: string, small: number, marks: PlacedMark[]}} Words */

/** Px of nearby type: a line, and what is left free above and below the lines. */
const LINE = 13;
const AROUND = 4;
/** What a layer is may be drawn so much smaller; where that is not enough, it is left out. */
const LEAST_TYPE = 0.8;
const LEFT = 12;
const RIGHT = 3;
const MARKS = new Set(['frozen', 'rate', 'shared']);

/** @type {WeakMap<CardBox, {scale: number, words: Words}>} what was worked out last: most frames ask for the same */
const known = new WeakMap();

/** @param {CanvasRenderingContext2D} c @param {CardBox} box @param {number} x @param {number} y @param {Look} look */
export function drawCardFar(c, box, x, y, look) {
  const { theme, zoom, fonts } = look;
  const family = familyColours(theme, box.family);
  const { width: w, height: h } = box;
  const heat = heatOf(box, look);
  roundRect(c, x, y, w, h, RADIUS);
  c.fillStyle = heat ?? family.line;
  c.fill();
  c.beginPath();
  c.roundRect(x + BAR + 2, y, w - BAR - 2, h, [3, RADIUS, RADIUS, 3]);
  c.fillStyle = heat ? theme.colour.raised : box.rows.some((row) => look.selected(row.layer.key)) ? theme.rowSelected : family.head;
  c.fill();
  if (heat) {
    // the ring says what is selected: the colour is the rate's
    c.fillStyle = heat;
    c.globalAlpha = HEAT;
    c.fill();
    c.globalAlpha = 1;
  }
  const words = wordsOn(box, farScale(zoom), look);
  c.save();
  c.translate(x + LEFT, y + h / 2);
  c.scale(words.scale, words.scale);
  c.textBaseline = 'middle';
  c.font = fonts.name;
  c.fillStyle = theme.colour.text;
  const lines = words.name.length + (words.type || words.marks.length ? 1 : 0);
  let at = ((1 - lines) * LINE) / 2;
  for (const line of words.name) {
    c.fillText(line, 0, at + 0.5);
    at += LINE;
  }
  if (lines > words.name.length) {
    c.textBaseline = 'alphabetic';
    for (const { mark, x: mx, width } of words.marks) drawMark(c, mark, mx, at, width, theme, fonts);
    c.translate(0, at + 0.5);
    c.scale(words.small, words.small);
    c.font = fonts.type;
    c.fillStyle = heat ? theme.colour['text-muted'] : family.line;
    c.textBaseline = 'middle';
    if (words.type) c.fillText(words.type, 0, 0);
  }
  c.restore();
  if (!box.active) {
    roundRect(c, x, y, w, h, RADIUS);
    c.fillStyle = theme.inactive;
    c.fill();
  }
  const line = 1 / zoom;
  roundRect(c, x, y, w, h, RADIUS);
  c.strokeStyle = box.active ? theme.colour.border : theme.colour['border-strong'];
  c.lineWidth = line;
  if (!box.active) c.setLineDash([4 * line, 3 * line]);
  c.stroke();
  c.setLineDash([]);
  const problem = box.rows.flatMap((row) => row.marks).find(({ mark }) => mark.kind === 'error' || mark.kind === 'warning');
  if (problem) {
    c.beginPath();
    c.arc(x + w - 4, y + 4, 5 / Math.sqrt(zoom), 0, 7);
    c.fillStyle = problem.mark.kind === 'error' ? theme.colour.error : theme.colour.warning;
    c.fill();
  }
  rings(c, box, x, y, look);
}

/** @param {CardBox} box @param {number} scale @param {Look} look @returns {Words} */
function wordsOn(box, scale, look) {
  const held = known.get(box);
  if (held && held.scale === scale) return held.words;
  const words = chooseWords(box, scale, look);
  known.set(box, { scale, words });
  return words;
}

/**
 * The name uncut if it can be: on two lines rather than smaller, smaller or without its path rather than both; then what
 * else has room.
 * @param {CardBox} box @param {number} wanted  scale @param {Look} look @returns {Words}
 */
function chooseWords(box, wanted, { fonts, meter }) {
  const { title } = box;
  const room = (/** @type {number} */ by) => (box.width - LEFT) / by - RIGHT;
  const lines = Math.floor((box.height / wanted - AROUND) / LINE);
  const one = (/** @type {number} */ by) => [shortName(title, room(by), meter, fonts.name)];
  const two = (/** @type {number} */ by) => twoLines(title, room(by), room(by), meter, fonts.name);
  const plain = { type: '', small: 1, marks: [] };
  if (lines < 2) {
    const scale = wanted * shrink(title, room(wanted), meter, fonts.name);
    return { ...plain, scale, name: one(scale) };
  }
  const small = wanted * LEAST;
  const last = lastPart(title);
  const ways = [
    { scale: wanted, name: one(wanted), whole: title },
    { scale: wanted, name: two(wanted), whole: title },
    { scale: small, name: one(small), whole: title },
    { scale: wanted, name: one(wanted), whole: last },
    { scale: small, name: two(small), whole: title },
    { scale: small, name: one(small), whole: last },
  ];
  const { scale, name } = ways.find((way) => way.name.join('') === way.whole) ?? { scale: wanted, name: two(wanted) };
  if (name.length === lines) return { ...plain, scale, name };
  const { marks, left } = marksAt(box, room(scale));
  const { type } = box.rows[0];
  const fits = Math.min(1, left / meter.width(type, fonts.type));
  return { scale, name, type: fits < LEAST_TYPE ? '' : type, small: fits, marks };
}

/** At the right of the last line: one of each kind that its layers have. @param {CardBox} box @param {number} room */
function marksAt(box, room) {
  /** @type {PlacedMark[]} */
  const marks = [];
  let left = room;
  for (const { mark, width } of box.rows.flatMap((row) => row.marks)) {
    if (!MARKS.has(mark.kind) || marks.some((placed) => placed.mark.kind === mark.kind) || left - width < 0) continue;
    left -= width;
    marks.push({ mark, x: left, width });
    left -= 4;
  }
  return { marks, left };
}
