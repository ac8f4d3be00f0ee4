/** How large each card is and what stands where on it: texts already cut to their room, marks already placed. */

import { formatShape, marksOf } from '../model/marks.js';

/** @typedef {import('../model/types.js').Card} Card */
/** @typedef {import('../model/types.js').LayerCard} LayerCard */
/** @typedef {import('../model/graph-model.js').GraphModel} GraphModel */
/** @typedef {import('../model/marks.js').Mark} Mark */
/** @typedef {import('./text.js').TextMeter} TextMeter */

export const RADIUS = 8;
export const BAR = 4;
const HEAD = 46;
const ROW = 24;
const FOOT_LINE = 16;
const FOOT_PAD = 5;
const LEFT = 14;
const RIGHT = 10;
const LEAST = 168;
const MOST = 264;
const FOOT_LINES = 3;

/**
 * @typedef {{mark: Mark, x: number, width: number}} PlacedMark  x from the card's left edge
 * @typedef {object} RowBox  one layer on a card
 * @property {LayerCard} layer
 * @property {number} y  from the card's top
 * @property {number} height
 * @property {boolean} head  the card's first layer, drawn large
 * @property {string} name
 * @property {string} type
 * @property {number} typeX
 * @property {string} summary
 * @property {number} summaryX
 * @property {string} phase  'TRAIN', 'TEST' or ''
 * @property {number} phaseX
 * @property {PlacedMark[]} marks
 *
 * @typedef {object} CardBox
 * @property {number} width
 * @property {number} height
 * @property {RowBox[]} rows
 * @property {string} title  of a group; else its first layer's name, uncut
 * @property {string[]} foot  lines of output shapes
 * @property {number} footY  where the foot begins
 * @property {boolean} group
 * @property {string} family
 * @property {boolean} active
 */

/** @param {{font: string, mono: string}} theme */
export function cardFonts({ font, mono }) {
  return {
    name: `600 13px ${font}`,
    type: `600 11px ${font}`,
    summary: `11px ${font}`,
    rowName: `12px ${font}`,
    rowType: `11px ${font}`,
    mark: `600 10px ${font}`,
    phase: `700 9px ${font}`,
    foot: `11px ${mono}`,
    pill: `11px ${font}`,
  };
}

/** @typedef {ReturnType<typeof cardFonts>} CardFonts */

/** @param {Card} card @param {GraphModel} model @param {TextMeter} meter @param {CardFonts} fonts @returns {CardBox} */
export function boxOf(card, model, meter, fonts) {
  const layers = card.rows.map((key) => /** @type {LayerCard} */ (model.layer(key)));
  if (card.kind === 'group') return groupBox(card, layers, model, meter, fonts);
  const last = layers[layers.length - 1];
  const foot = footLines(last);
  const marks = layers.map((layer) => marksOf(layer, (group) => model.groupColour(group)));
  let want = LEAST;
  layers.forEach((layer, i) => {
    const marksWidth = marks[i].reduce((sum, mark) => sum + markWidth(mark, meter, fonts) + 4, 0);
    const phase = phaseOf(layer) ? meter.width(phaseOf(layer), fonts.phase) + 16 : 0;
    const first = i === 0;
    const name = meter.width(layer.name, first ? fonts.name : fonts.rowName);
    const type = meter.width(layer.type, first ? fonts.type : fonts.rowType);
    if (first) {
      const summary = layer.summary ? 8 + meter.width(layer.summary, fonts.summary) : 0;
      want = Math.max(want, LEFT + name + marksWidth + RIGHT + 2, LEFT + type + summary + phase + RIGHT);
    } else want = Math.max(want, LEFT + name + 12 + type + marksWidth + RIGHT);
  });
  for (const line of foot) want = Math.max(want, LEFT + meter.width(line, fonts.foot) + RIGHT);
  const width = Math.min(MOST, Math.ceil(want / 8) * 8);
  let y = 0;
  const rows = layers.map((layer, i) => {
    const row = i === 0 ? headRow(layer, width, marks[i], meter, fonts) : stackRow(layer, width, marks[i], meter, fonts);
    row.y = y;
    y += row.height;
    return row;
  });
  return {
    width,
    height: y + (foot.length > 0 ? foot.length * FOOT_LINE + 2 * FOOT_PAD : 0),
    rows,
    title: layers[0].name,
    foot: foot.map((line) => meter.cut(line, fonts.foot, width - LEFT - RIGHT)),
    footY: y,
    group: false,
    family: layers[0].family,
    active: layers[0].active,
  };
}

/** @param {LayerCard} layer @param {number} width @param {Mark[]} marks @param {TextMeter} meter @param {CardFonts} fonts @returns {RowBox} */
function headRow(layer, width, marks, meter, fonts) {
  const { placed, left } = placeMarks(marks, width - RIGHT, meter, fonts);
  const phase = phaseOf(layer);
  const phaseWidth = phase ? meter.width(phase, fonts.phase) + 10 : 0;
  const room = width - LEFT - RIGHT - (phase ? phaseWidth + 6 : 0);
  const type = meter.cut(layer.type, fonts.type, room);
  const summaryX = LEFT + meter.width(type, fonts.type) + 8;
  return {
    layer,
    y: 0,
    height: HEAD,
    head: true,
    name: meter.cut(layer.name, fonts.name, left - LEFT - 2),
    type,
    typeX: LEFT,
    summary: meter.cut(layer.summary, fonts.summary, LEFT + room - summaryX),
    summaryX,
    phase,
    phaseX: width - RIGHT - phaseWidth,
    marks: placed,
  };
}

/** @param {LayerCard} layer @param {number} width @param {Mark[]} marks @param {TextMeter} meter @param {CardFonts} fonts @returns {RowBox} */
function stackRow(layer, width, marks, meter, fonts) {
  const { placed, left } = placeMarks(marks, width - RIGHT, meter, fonts);
  const room = left - LEFT;
  const type = meter.cut(layer.type, fonts.rowType, Math.max(room / 2, room - 12 - meter.width(layer.name, fonts.rowName)));
  const typeX = left - meter.width(type, fonts.rowType);
  return {
    layer,
    y: 0,
    height: ROW,
    head: false,
    name: meter.cut(layer.name, fonts.rowName, typeX - LEFT - 10),
    type,
    typeX,
    summary: '',
    summaryX: 0,
    phase: '',
    phaseX: 0,
    marks: placed,
  };
}

/** From the right edge leftwards. @param {Mark[]} marks @param {number} right @param {TextMeter} meter @param {CardFonts} fonts */
function placeMarks(marks, right, meter, fonts) {
  let left = right;
  /** @type {PlacedMark[]} */
  const placed = [];
  for (const mark of marks) {
    const width = markWidth(mark, meter, fonts);
    left -= width;
    placed.push({ mark, x: left, width });
    left -= 4;
  }
  return { placed, left: marks.length > 0 ? left - 2 : right };
}

/** @param {Mark} mark @param {TextMeter} meter @param {CardFonts} fonts */
function markWidth(mark, meter, fonts) {
  if (mark.text) return Math.ceil(meter.width(mark.text, fonts.mark)) + 10;
  return mark.kind === 'loads' || mark.kind === 'filler' || mark.kind === 'clash' ? 9 : 15;
}

/** A layer that lives in one phase only says so. @param {LayerCard} layer */
function phaseOf(layer) {
  return layer.phases.length === 1 ? layer.phases[0] : '';
}

/** Output shapes, one a line; the blob's name where it is not the layer's. @param {LayerCard} layer */
function footLines(layer) {
  const known = layer.tops.filter((top) => top.shape !== null);
  const lines = known.map((top) =>
    layer.tops.length > 1 ? `${top.name}  ${formatShape(top.shape)}` : formatShape(top.shape),
  );
  if (lines.length === 1 && lines[0] === layer.summary) return []; // an Input's summary is its shape
  return lines.length > FOOT_LINES ? [...lines.slice(0, FOOT_LINES - 1), `+${lines.length - FOOT_LINES + 1}`] : lines;
}

/** @param {Card} card @param {LayerCard[]} layers @param {GraphModel} model @param {TextMeter} meter @param {CardFonts} fonts @returns {CardBox} */
function groupBox(card, layers, model, meter, fonts) {
  const inside = new Set(card.rows);
  const inputs = new Map();
  const outputs = new Map();
  for (const edge of layers.flatMap((layer) => [...model.edgesIn(layer.key)])) {
    if (!inside.has(edge.source)) inputs.set(edge.blob, model.layer(edge.source)?.tops[edge.top]?.shape ?? null);
  }
  for (const edge of layers.flatMap((layer) => [...model.edgesOut(layer.key)])) {
    if (!inside.has(edge.target)) outputs.set(edge.blob, model.layer(edge.source)?.tops[edge.top]?.shape ?? null);
  }
  const side = (/** @type {string} */ word, /** @type {Map<string, number[] | null>} */ blobs) =>
    [...blobs].slice(0, 2).map(([name, shape]) => `${word} ${formatShape(shape) || name}`);
  const foot = [...side('in ', inputs), ...side('out', outputs)];
  const marks = groupMarks(layers);
  const title = meter.cut(card.title, fonts.name, MOST - LEFT - RIGHT - 40);
  const count = `${layers.length} layers`;
  const want = Math.max(
    LEAST,
    LEFT + meter.width(title, fonts.name) + 44 + RIGHT,
    ...foot.map((line) => LEFT + meter.width(line, fonts.foot) + RIGHT),
  );
  const width = Math.min(MOST, Math.ceil(want / 8) * 8);
  const row = headRow({ ...layers[0], name: card.title, type: count, summary: '', phases: ['TRAIN', 'TEST'] }, width, marks, meter, fonts);
  return {
    width,
    height: HEAD + (foot.length > 0 ? foot.length * FOOT_LINE + 2 * FOOT_PAD : 0),
    rows: [row],
    title: card.title,
    foot: foot.map((line) => meter.cut(line, fonts.foot, width - LEFT - RIGHT)),
    footY: HEAD,
    group: true,
    family: dominantFamily(layers),
    active: layers.some((layer) => layer.active),
  };
}

/** @param {LayerCard[]} layers @returns {Mark[]} */
function groupMarks(layers) {
  const error = layers.reduce((sum, layer) => sum + layer.problems.error, 0);
  const warning = layers.reduce((sum, layer) => sum + layer.problems.warning, 0);
  if (error > 0) return [{ kind: 'error', text: '', says: `${error} errors inside` }];
  return warning > 0 ? [{ kind: 'warning', text: '', says: `${warning} warnings inside` }] : [];
}

/** @param {LayerCard[]} layers */
function dominantFamily(layers) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const { family } of layers) counts.set(family, (counts.get(family) ?? 0) + (family === 'activation' ? 0.5 : 1));
  return [...counts].sort((a, b) => b[1] - a[1])[0][0];
}
