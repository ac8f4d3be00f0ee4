/** One card from nearby, with everything on it. World units. */

import { BAR, RADIUS } from './card-boxes.js';
import { drawMark } from './draw-marks.js';
import { familyColours } from './theme.js';

/** @typedef {import('./card-boxes.js').CardBox} CardBox */
/** @typedef {import('./card-boxes.js').RowBox} RowBox */
/** @typedef {import('./card-boxes.js').CardFonts} CardFonts */
/** @typedef {import('./theme.js').Theme} Theme */

/** How much of a rate's colour a card takes on. */
export const HEAT = 0.35;

/**
 * @typedef {object} Look  what a card's drawing depends on beside itself
 * @property {Theme} theme
 * @property {CardFonts} fonts
 * @property {number} zoom
 * @property {import('./text.js').TextMeter} meter
 * @property {(key: string) => boolean} selected
 * @property {string | null} hover  layer under the pointer
 * @property {string | null} focus  layer the keyboard is on, when the keyboard is in use
 * @property {((layer: import('../model/types.js').LayerCard) => string) | null} heat  colour by rate, or null
 */

/** @param {CanvasRenderingContext2D} c @param {CardBox} box @param {number} x @param {number} y @param {Look} look */
export function drawCard(c, box, x, y, look) {
  const { theme } = look;
  const family = familyColours(theme, box.family);
  const { width: w, height: h } = box;
  const heat = heatOf(box, look);
  const line = heat ?? family.line;
  if (box.group) sheets(c, box, x, y, theme);
  if (box.active) shadow(c, x, y, w, h, theme);
  roundRect(c, x, y, w, h, RADIUS);
  c.fillStyle = line;
  c.fill();
  c.beginPath();
  c.roundRect(x + BAR, y, w - BAR, h, [3, RADIUS, RADIUS, 3]);
  c.fillStyle = theme.colour.raised;
  c.fill();
  const head = box.rows[0];
  c.beginPath();
  c.roundRect(x + BAR, y, w - BAR, head.height, [3, RADIUS, h === head.height ? RADIUS : 0, h === head.height ? 3 : 0]);
  c.fillStyle = heat ?? family.head;
  if (heat) c.globalAlpha = HEAT;
  c.fill();
  c.globalAlpha = 1;
  rowGrounds(c, box, x, y, look);
  for (const row of box.rows) drawRow(c, row, box, x, y, look);
  foot(c, box, x, y, look);
  if (!box.active) {
    roundRect(c, x, y, w, h, RADIUS);
    c.fillStyle = theme.inactive;
    c.fill();
  }
  roundRect(c, x + 0.5, y + 0.5, w - 1, h - 1, RADIUS - 0.5);
  c.strokeStyle = box.active ? theme.colour.border : theme.colour['border-strong'];
  c.lineWidth = 1;
  if (!box.active) c.setLineDash([4, 3]);
  c.stroke();
  c.setLineDash([]);
  rings(c, box, x, y, look);
}

/** @param {CardBox} box @param {Look} look */
export function heatOf(box, look) {
  return look.heat ? look.heat(box.rows[0].layer) : null;
}

/** @param {CanvasRenderingContext2D} c @param {RowBox} row @param {CardBox} box @param {number} x @param {number} y @param {Look} look */
function drawRow(c, row, box, x, y, { theme, fonts, heat }) {
  const top = y + row.y;
  c.textBaseline = 'alphabetic';
  const middle = row.head ? top + 16 : top + row.height / 2;
  if (row.head) {
    c.font = fonts.name;
    c.fillStyle = theme.colour.text;
    c.fillText(row.name, x + 14, top + 20);
    c.font = fonts.type;
    c.fillStyle = heat ? theme.colour['text-muted'] : familyColours(theme, box.family).line;
    c.fillText(row.type, x + row.typeX, top + 36.5);
    if (row.summary) {
      c.font = fonts.summary;
      c.fillStyle = theme.colour['text-muted'];
      c.fillText(row.summary, x + row.summaryX, top + 36.5);
    }
    if (row.phase) phaseTag(c, row, x + row.phaseX, top + 26, theme, fonts);
  } else {
    c.font = fonts.rowName;
    c.fillStyle = theme.colour.text;
    c.fillText(row.name, x + 14, top + 16);
    c.font = fonts.rowType;
    c.fillStyle = heat ? theme.colour['text-muted'] : familyColours(theme, row.layer.family).line;
    c.fillText(row.type, x + row.typeX, top + 16);
  }
  for (const { mark, x: mx, width } of row.marks) drawMark(c, mark, x + mx, middle, width, theme, fonts);
}

/** @param {CanvasRenderingContext2D} c @param {RowBox} row @param {number} x @param {number} y @param {Theme} theme @param {CardFonts} fonts */
function phaseTag(c, row, x, y, theme, fonts) {
  c.font = fonts.phase;
  const width = c.measureText(row.phase).width + 10;
  roundRect(c, x + 0.5, y + 0.5, width - 1, 13, 3);
  c.strokeStyle = theme.colour['border-strong'];
  c.lineWidth = 1;
  c.stroke();
  c.fillStyle = theme.colour['text-muted'];
  c.fillText(row.phase, x + 5, y + 10.5);
}

/** Selected and hovered rows, and the lines between rows. @param {CanvasRenderingContext2D} c @param {CardBox} box @param {number} x @param {number} y @param {Look} look */
function rowGrounds(c, box, x, y, { theme, selected, hover, heat }) {
  box.rows.forEach((row, i) => {
    const key = row.layer.key;
    if (heat && i > 0 && row.layer.blobs.length > 0) {
      c.fillStyle = heat(row.layer);
      c.globalAlpha = HEAT;
      c.fillRect(x + BAR, y + row.y, box.width - BAR, row.height);
      c.globalAlpha = 1;
    }
    const on = !box.group && box.rows.length > 1 && selected(key);
    if (on || (hover === key && box.rows.length > 1)) {
      c.beginPath();
      const lastRow = row.y + row.height === box.height;
      c.roundRect(x + BAR, y + row.y, box.width - BAR, row.height, [i === 0 ? 3 : 0, i === 0 ? RADIUS : 0, lastRow ? RADIUS : 0, 0]);
      c.fillStyle = on ? theme.rowSelected : theme.rowHover;
      c.fill();
    }
    if (i > 0 || box.foot.length > 0) {
      c.fillStyle = theme.colour.border;
      if (i > 0) c.fillRect(x + BAR, y + row.y, box.width - BAR, 1);
    }
  });
}

/** @param {CanvasRenderingContext2D} c @param {CardBox} box @param {number} x @param {number} y @param {Look} look */
function foot(c, box, x, y, { theme, fonts }) {
  if (box.foot.length === 0) return;
  c.fillStyle = theme.colour.border;
  c.fillRect(x + BAR, y + box.footY, box.width - BAR, 1);
  c.font = fonts.foot;
  c.fillStyle = theme.colour['text-muted'];
  box.foot.forEach((line, i) => c.fillText(line, x + 14, y + box.footY + 17 + i * 16));
}

/** Selection, hover and keyboard focus around the card. @param {CanvasRenderingContext2D} c @param {CardBox} box @param {number} x @param {number} y @param {Look} look */
export function rings(c, box, x, y, { theme, zoom, selected, hover, focus }) {
  const { width: w, height: h } = box;
  const keys = box.rows.map((row) => row.layer.key);
  const count = keys.filter((key) => selected(key)).length;
  const thick = Math.max(2, 1.5 / zoom);
  if (count > 0) {
    const whole = box.group || count === keys.length;
    roundRect(c, x - 2, y - 2, w + 4, h + 4, RADIUS + 2);
    c.strokeStyle = theme.colour.selection;
    c.lineWidth = whole ? thick : thick / 2;
    c.stroke();
  } else if (hover !== null && keys.includes(hover)) {
    roundRect(c, x - 1, y - 1, w + 2, h + 2, RADIUS + 1);
    c.strokeStyle = theme.colour['border-strong'];
    c.lineWidth = Math.max(1.5, 1 / zoom);
    c.stroke();
  }
  const at = focus === null ? -1 : keys.indexOf(focus);
  if (at === -1) return;
  const row = box.rows[at];
  const whole = box.rows.length === 1;
  if (whole) roundRect(c, x - 5, y - 5, w + 10, h + 10, RADIUS + 5);
  else roundRect(c, x - 3, y + row.y - 1, w + 6, row.height + 2, 5);
  c.strokeStyle = theme.colour.focus;
  c.lineWidth = thick;
  c.stroke();
}

/** @param {CanvasRenderingContext2D} c @param {number} x @param {number} y @param {number} w @param {number} h @param {Theme} theme */
function shadow(c, x, y, w, h, theme) {
  c.fillStyle = theme.colour.shadow;
  const alpha = c.globalAlpha;
  c.globalAlpha = alpha * 0.35;
  roundRect(c, x - 0.5, y + 1, w + 1, h + 2, RADIUS + 1);
  c.fill();
  c.globalAlpha = alpha * 0.25;
  roundRect(c, x - 1.5, y + 1, w + 3, h + 4, RADIUS + 2);
  c.fill();
  c.globalAlpha = alpha;
}

/** A group looks like a pile of cards. @param {CanvasRenderingContext2D} c @param {CardBox} box @param {number} x @param {number} y @param {Theme} theme */
function sheets(c, box, x, y, theme) {
  for (const offset of [8, 4]) {
    roundRect(c, x + offset + 0.5, y + offset + 0.5, box.width - 2 * offset, box.height - 1, RADIUS);
    c.fillStyle = theme.colour.raised;
    c.fill();
    c.strokeStyle = theme.colour.border;
    c.lineWidth = 1;
    c.stroke();
  }
}

/** @param {CanvasRenderingContext2D} c @param {number} x @param {number} y @param {number} w @param {number} h @param {number} r */
export function roundRect(c, x, y, w, h, r) {
  c.beginPath();
  c.roundRect(x, y, w, h, r);
}
