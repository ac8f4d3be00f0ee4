/** Draws a scene into a canvas: only what is in view, with less detail from afar. Knows no events. */

import { drawCard, roundRect } from './draw-card.js';
import { drawCardFar } from './draw-far.js';
import { drawFrameTitles, drawFrames } from './draw-frames.js';
import { drawEdges, drawPill, drawStrongEdges } from './draw-edges.js';
import { drawShareLinks } from './draw-shares.js';
import { drawPresence } from './draw-presence.js';
import { drawPorts, drawWire } from './draw-wiring.js';
import { familyColours } from './theme.js';
import { withAlpha } from './colour.js';

/** @typedef {import('./scene.js').Scene} Scene */
/** @typedef {import('./camera.js').Camera} Camera */
/** @typedef {import('./draw-card.js').Look} Look */
/** @typedef {import('./edge-paths.js').Drift} Drift */

/** Zooms below which cards lose their details, then their names. */
export const NEAR = 0.55;
export const FAR = 0.2;
const DOTS = 24;
/** Around selected blocks, world: far away the rings must not grow together. */
const RING = 14;

/**
 * @typedef {object} Frame  all that one picture depends on
 * @property {Scene | null} scene
 * @property {Camera} camera
 * @property {number} ratio  device pixels a CSS pixel
 * @property {Look} look
 * @property {Drift} drift
 * @property {number} reach  the longest drift, px
 * @property {Drift} [held]  of cards in somebody's hand: they are over all others
 * @property {Float64Array | null} fade  opacity of each card, or null: all 1
 * @property {number[]} strong  card edges to stress
 * @property {import('./draw-shares.js').ShareLink[]} links
 * @property {{text: string, x: number, y: number} | null} edgeLabel  world position
 * @property {import('./edge-labels.js').EdgeLabel[]} edgeLabels
 * @property {{minX: number, minY: number, maxX: number, maxY: number} | null} box  of a box selection, world
 * @property {readonly import('./wiring.js').Port[]} ports
 * @property {import('./wiring.js').Port | null} port  under the pointer
 * @property {import('./wiring.js').Wire | null} wire  that is dragged
 * @property {readonly {x: number, y: number}[] | null} lasso  world
 * @property {readonly import('../api/live.js').Person[]} [people]  others, and what they have selected
 * @property {boolean} grid
 * @property {boolean} frames  around copies
 * @property {ReadonlySet<number> | null} [only]  cards: these and the edges between them, nothing else
 * @property {(i: number, draw: () => void) => void} [around]  draws a card, with what belongs around it
 */

/** @param {CanvasRenderingContext2D} c @param {Frame} frame */
export function drawFrame(c, frame) {
  const { camera, ratio, look, scene } = frame;
  const { zoom } = camera;
  c.setTransform(1, 0, 0, 1, 0, 0);
  c.globalAlpha = 1;
  c.fillStyle = look.theme.colour.bg;
  c.fillRect(0, 0, c.canvas.width, c.canvas.height);
  const scale = zoom * ratio;
  // Whole device pixels, so that type and lines at zoom 1 are crisp.
  c.setTransform(scale, 0, 0, scale, Math.round(-camera.x * scale), Math.round(-camera.y * scale));
  if (frame.grid) dots(c, camera, look);
  if (!scene) return;
  const view = camera.view();
  const area = {
    minX: view.minX - frame.reach - 8,
    minY: view.minY - frame.reach - 8,
    maxX: view.maxX + frame.reach + 8,
    maxY: view.maxY + frame.reach + 8,
  };
  const { only } = frame;
  let cards = scene.cardsIn(area);
  if (only) cards = cards.filter((i) => only.has(i));
  if (frame.held) cards = held(cards, frame.held);
  const between = (/** @type {number} */ e) => !only || (only.has(scene.set.edges[e].source) && only.has(scene.set.edges[e].target));
  const frames = frame.frames && !frame.drift ? scene.frames.filter((one) => !only || one.cards.every((i) => only.has(i))) : [];
  drawFrames(c, frames, look);
  const edges = scene.edgesIn(area);
  drawEdges(c, scene, only ? edges.filter(between) : edges, look.theme, zoom, frame.drift);
  drawStrongEdges(c, scene, frame.strong, look.theme.colour.selection, zoom, frame.drift);
  if (zoom >= FAR) drawShareLinks(c, scene, frame.links, look, frame.drift);
  drawFrameTitles(c, scene, frames, look);
  if (zoom < FAR) drawBlocks(c, frame, scene, cards);
  else {
    const strong = new Set(frame.strong);
    const one = (/** @type {number} */ i) => drawNear(c, frame, scene, i, strong);
    for (const i of cards) frame.around ? frame.around(i, () => one(i)) : one(i);
  }
  if (frame.wire) drawWire(c, scene, cards, frame.wire, look);
  drawPorts(c, frame.ports, frame.wire ? frame.wire.port : frame.port, look);
  if (frame.people?.length) drawPresence(c, scene, frame.people, look, view, frame.drift);
  for (const label of frame.edgeLabels) drawEdgeName(c, label, look);
  if (frame.edgeLabel) drawLabel(c, frame.edgeLabel, look);
  if (frame.box) selectionBox(c, frame.box, look);
  if (frame.lasso) selectionLasso(c, frame.lasso, look);
}

/** Those in hand last. @param {number[]} cards @param {NonNullable<Drift>} drift */
function held(cards, { dx, dy }) {
  const inHand = (/** @type {number} */ i) => dx[i] !== 0 || dy[i] !== 0;
  return [...cards.filter((i) => !inHand(i)), ...cards.filter(inHand)];
}

/** @param {CanvasRenderingContext2D} c @param {Frame} frame @param {Scene} scene @param {number} i @param {Set<number>} strong */
function drawNear(c, frame, scene, i, strong) {
  const { look, drift, fade, camera } = frame;
  const dx = drift ? drift.dx[i] : 0;
  const dy = drift ? drift.dy[i] : 0;
  const { x, y } = scene.rect(i);
  const alpha = fade ? fade[i] : 1;
  if (alpha <= 0) return;
  if (alpha < 1) {
    // A card that comes in: from slightly smaller, without the cost of a layer of its own.
    const box = scene.boxes[i];
    const s = 0.92 + 0.08 * alpha;
    c.save();
    c.translate(x + box.width / 2, y + box.height / 2);
    c.scale(s, s);
    c.translate(-x - box.width / 2, -y - box.height / 2);
  }
  if (camera.zoom >= NEAR) drawCard(c, scene.boxes[i], x + dx, y + dy, look);
  else drawCardFar(c, scene.boxes[i], x + dx, y + dy, look);
  if (alpha < 1) c.restore();
  for (const pill of scene.pillsOf[i]) {
    drawPill(c, pill, dx, dy, pill.edges.some((e) => strong.has(e)), scene.direction === 'down', look);
  }
}

/** Cards as plain blocks, one path a colour. @param {CanvasRenderingContext2D} c @param {Frame} frame @param {Scene} scene @param {number[]} cards */
function drawBlocks(c, frame, scene, cards) {
  const { look, drift } = frame;
  /** @type {Map<string, number[]>} */
  const byColour = new Map();
  /** @type {number[]} */
  const selected = [];
  /** @type {number[]} */
  const wrong = [];
  for (const i of cards) {
    const box = scene.boxes[i];
    const heat = look.heat ? look.heat(box.rows[0].layer) : null;
    const colour = heat ?? familyColours(look.theme, box.family).block;
    const id = box.active ? colour : withAlpha(colour, 0.4);
    const list = byColour.get(id);
    if (list) list.push(i);
    else byColour.set(id, [i]);
    if (box.rows.some((row) => look.selected(row.layer.key))) selected.push(i);
    if (box.rows.some((row) => row.layer.problems.error > 0)) wrong.push(i);
  }
  // At least a pixel high, or thin nets vanish when all of a deep one is in view.
  const least = 1 / look.zoom;
  const trace = (/** @type {number[]} */ list, /** @type {number} */ grow) => {
    c.beginPath();
    for (const i of list) {
      const { x, y, width, height } = scene.rect(i);
      const dx = drift ? drift.dx[i] : 0;
      const dy = drift ? drift.dy[i] : 0;
      c.rect(x + dx - grow, y + dy - grow, Math.max(width, least) + 2 * grow, Math.max(height, least) + 2 * grow);
    }
    c.fill();
  };
  c.fillStyle = look.theme.colour.selection;
  trace(selected, Math.max(1.5 / look.zoom, Math.min(3 / look.zoom, RING)));
  c.fillStyle = look.theme.colour.error;
  trace(wrong, 2 / look.zoom);
  for (const [colour, list] of byColour) {
    c.fillStyle = colour;
    trace(list, 0);
  }
}

/** @param {CanvasRenderingContext2D} c @param {Camera} camera @param {Look} look */
function dots(c, camera, { theme, zoom }) {
  let step = DOTS;
  while (step * zoom < 14) step *= 2;
  if (step > DOTS * 16) return;
  const view = camera.view();
  if (!((view.maxX - view.minX) / step < 2000)) return; // also where nothing is known: no loop without an end
  const size = 1.6 / zoom;
  c.beginPath();
  for (let x = Math.floor(view.minX / step) * step; x < view.maxX; x += step) {
    for (let y = Math.floor(view.minY / step) * step; y < view.maxY; y += step) c.rect(x - size / 2, y - size / 2, size, size);
  }
  c.fillStyle = theme.colour.grid;
  c.fill();
}

/** One line on the edge, or two on either side of it. @param {CanvasRenderingContext2D} c @param {import('./edge-labels.js').EdgeLabel} label @param {Look} look */
function drawEdgeName(c, { lines, x, y }, { theme, fonts, meter }) {
  c.font = fonts.pill;
  c.textBaseline = 'middle';
  lines.forEach((text, i) => {
    const width = meter.width(text, fonts.pill) + 8;
    const middle = lines.length === 1 ? y : y + (i === 0 ? -10 : 10);
    roundRect(c, x - width / 2, middle - 8, width, 16, 4);
    c.fillStyle = withAlpha(theme.colour.bg, 0.9);
    c.fill();
    c.fillStyle = theme.colour['text-muted'];
    c.fillText(text, x - width / 2 + 4, middle + 0.5);
  });
}

/** @param {CanvasRenderingContext2D} c @param {{text: string, x: number, y: number}} label @param {Look} look */
function drawLabel(c, { text, x, y }, { theme, fonts, zoom, meter }) {
  const width = meter.width(text, fonts.pill) + 16;
  c.save();
  c.translate(x, y);
  const scale = Math.min(2.5, Math.max(1, 1 / zoom));
  c.scale(scale, scale);
  roundRect(c, -width / 2, -11, width, 22, 6);
  c.fillStyle = theme.colour.raised;
  c.fill();
  c.strokeStyle = theme.colour['border-strong'];
  c.lineWidth = 1;
  c.stroke();
  c.font = fonts.pill;
  c.textBaseline = 'middle';
  c.fillStyle = theme.colour.text;
  c.fillText(text, -width / 2 + 8, 0.5);
  c.restore();
}

/** @param {CanvasRenderingContext2D} c @param {{minX: number, minY: number, maxX: number, maxY: number}} box @param {Look} look */
function selectionBox(c, box, { theme, zoom }) {
  c.beginPath();
  c.rect(box.minX, box.minY, box.maxX - box.minX, box.maxY - box.minY);
  c.fillStyle = withAlpha(theme.colour.selection, 0.1);
  c.fill();
  c.strokeStyle = theme.colour.selection;
  c.lineWidth = 1.25 / zoom;
  c.stroke();
}

/** @param {CanvasRenderingContext2D} c @param {readonly {x: number, y: number}[]} line @param {Look} look */
function selectionLasso(c, line, { theme, zoom }) {
  c.beginPath();
  for (const { x, y } of line) c.lineTo(x, y);
  c.closePath();
  c.fillStyle = withAlpha(theme.colour.selection, 0.1);
  c.fill();
  c.strokeStyle = theme.colour.selection;
  c.lineWidth = 1.25 / zoom;
  c.stroke();
}
