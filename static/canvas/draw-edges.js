/** Edges: all plain ones in one path, those of a phase not shown dashed, those of selected or hovered layers on top. */

import { freeLane, swing, traceEdge, traceFar } from './edge-paths.js';
import { roundRect } from './draw-card.js';

/** @typedef {import('./scene.js').Scene} Scene */
/** @typedef {import('./theme.js').Theme} Theme */
/** @typedef {import('./edge-paths.js').Drift} Drift */
/** @typedef {import('./pills.js').Pill} Pill */

/** @param {Scene} scene @param {number} e */
function isActive(scene, e) {
  const { source, target } = scene.set.edges[e];
  return scene.boxes[source].active && scene.boxes[target].active;
}

/**
 * @param {CanvasRenderingContext2D} c @param {Scene} scene @param {number[]} edges @param {Theme} theme
 * @param {number} zoom @param {Drift} drift
 */
export function drawEdges(c, scene, edges, theme, zoom, drift) {
  const down = scene.direction === 'down';
  c.lineWidth = Math.max(1.25, 0.8 / zoom);
  c.strokeStyle = c.fillStyle = theme.colour.edge;
  if (zoom < 0.2) {
    c.beginPath();
    for (const e of edges) traceFar(c, scene.layout, e);
    c.stroke();
    return;
  }
  const resting = edges.filter((e) => !isActive(scene, e));
  c.beginPath();
  for (const e of edges) {
    if (resting.length > 0 && !isActive(scene, e)) continue;
    const { source, target } = scene.set.edges[e];
    traceEdge(c, scene.layout, e, down, drift, source, target);
  }
  c.stroke();
  if (resting.length > 0) {
    c.globalAlpha = 0.6;
    c.setLineDash([4, 4]);
    c.beginPath();
    for (const e of resting) {
      const { source, target } = scene.set.edges[e];
      traceEdge(c, scene.layout, e, down, drift, source, target);
    }
    c.stroke();
    c.setLineDash([]);
    c.globalAlpha = 1;
  }
  if (zoom > 0.4) arrows(c, scene, edges, drift);
}

/** @param {CanvasRenderingContext2D} c @param {Scene} scene @param {number[]} edges @param {Drift} drift */
function arrows(c, scene, edges, drift) {
  const { points, starts } = scene.layout;
  const down = scene.direction === 'down';
  c.beginPath();
  for (const e of edges) {
    const k = starts[e + 1] - 1;
    const target = scene.set.edges[e].target;
    const x = points[2 * k] + (drift ? drift.dx[target] : 0);
    const y = points[2 * k + 1] + (drift ? drift.dy[target] : 0);
    arrow(c, x, y, down);
  }
  c.fill();
}

/** @param {CanvasRenderingContext2D} c @param {number} x @param {number} y @param {boolean} down */
function arrow(c, x, y, down) {
  c.moveTo(x, y);
  if (down) {
    c.lineTo(x - 3.5, y - 6.5);
    c.lineTo(x + 3.5, y - 6.5);
  } else {
    c.lineTo(x - 6.5, y - 3.5);
    c.lineTo(x - 6.5, y + 3.5);
  }
  c.closePath();
}

/**
 * Edges that matter now, long ones whole.
 * @param {CanvasRenderingContext2D} c @param {Scene} scene @param {Iterable<number>} edges @param {string} colour
 * @param {number} zoom @param {Drift} drift
 */
export function drawStrongEdges(c, scene, edges, colour, zoom, drift) {
  const down = scene.direction === 'down';
  const list = [...edges];
  if (list.length === 0) return;
  c.strokeStyle = c.fillStyle = colour;
  c.lineWidth = Math.max(2, 1.4 / zoom);
  c.beginPath();
  for (const e of list) {
    const { source, target } = scene.set.edges[e];
    if (scene.layout.stub[e]) traceLong(c, scene, e);
    else traceEdge(c, scene.layout, e, down, drift, source, target);
  }
  c.stroke();
  if (zoom <= 0.3) return;
  c.beginPath();
  for (const e of list) {
    const pill = scene.layout.stub[e] ? pillOf(scene, e, 'in') : undefined;
    const k = scene.layout.starts[e + 1] - 1;
    if (pill) arrow(c, pill.portX, pill.portY, down);
    else arrow(c, scene.layout.points[2 * k], scene.layout.points[2 * k + 1], down);
  }
  c.fill();
}

/** @param {Scene} scene @param {number} e @param {'out' | 'in'} side */
function pillOf(scene, e, side) {
  const { source, target } = scene.set.edges[e];
  return scene.pillsOf[side === 'out' ? source : target].find((pill) => pill.side === side && pill.edges.includes(e));
}

/** @param {import('./edge-paths.js').PathSink} sink @param {Scene} scene @param {number} e */
function traceLong(sink, scene, e) {
  const from = pillOf(scene, e, 'out');
  const to = pillOf(scene, e, 'in');
  if (!from || !to) return;
  const down = scene.direction === 'down';
  const { x, y, rank } = scene.layout;
  const { source, target } = scene.set.edges[e];
  const taken = [];
  for (let v = 0; v < x.length; v++) {
    if (rank[v] <= rank[source] || rank[v] >= rank[target]) continue;
    const half = (down ? scene.boxes[v].width : scene.boxes[v].height) / 2;
    const middle = down ? x[v] : y[v];
    taken.push({ lo: middle - half, hi: middle + half });
  }
  const start = down ? from.y + from.height : from.x + from.width;
  const end = down ? to.y : to.x;
  const lane = freeLane(taken, down ? from.portX : from.portY, down ? to.portX : to.portY);
  const turn = Math.min(64, Math.abs(end - start) / 3);
  const at = (/** @type {number} */ across, /** @type {number} */ along) => (down ? [across, along] : [along, across]);
  const knots = [
    [from.portX, from.portY],
    at(down ? from.portX : from.portY, start),
    at(lane, start + turn),
    at(lane, end - turn),
    at(down ? to.portX : to.portY, end),
    [to.portX, to.portY],
  ];
  sink.moveTo(knots[0][0], knots[0][1]);
  for (let i = 1; i < knots.length; i++) swing(sink, knots[i - 1][0], knots[i - 1][1], knots[i][0], knots[i][1], down);
}

/**
 * The stub's line and its pill with the blob's name.
 * @param {CanvasRenderingContext2D} c @param {Pill} pill @param {number} dx @param {number} dy @param {boolean} strong
 * @param {boolean} down @param {import('./draw-card.js').Look} look
 */
export function drawPill(c, pill, dx, dy, strong, down, { theme, fonts, zoom, meter }) {
  const x = pill.x + dx;
  const y = pill.y + dy;
  const colour = strong ? theme.colour.selection : theme.colour.edge;
  c.strokeStyle = c.fillStyle = colour;
  c.lineWidth = strong ? 2 : Math.max(1.25, 0.8 / zoom);
  c.beginPath();
  const [px, py] = [pill.portX + dx, pill.portY + dy];
  if (down) {
    c.moveTo(px, py);
    c.lineTo(px, pill.side === 'out' ? y : y + pill.height);
  } else {
    c.moveTo(px, py);
    c.lineTo(pill.side === 'out' ? x : x + pill.width, py);
  }
  c.stroke();
  if (pill.side === 'in' && zoom > 0.4) {
    c.beginPath();
    arrow(c, px, py, down);
    c.fill();
  }
  roundRect(c, x + 0.5, y + 0.5, pill.width - 1, pill.height - 1, pill.height / 2);
  c.fillStyle = strong ? theme.colour['accent-soft'] : theme.colour.bg;
  c.fill();
  c.lineWidth = 1;
  c.stroke();
  if (zoom < 0.45) return;
  c.font = fonts.pill;
  c.textBaseline = 'middle';
  c.fillStyle = strong ? theme.colour.text : theme.colour['text-muted'];
  const text = meter.cut(pill.text, fonts.pill, pill.width - 26);
  const left = pill.side === 'out' ? x + 9 : x + 17;
  c.fillText(text, left, y + pill.height / 2 + 0.5);
  // a small chevron: where the rest of the line is
  const cx = pill.side === 'out' ? x + pill.width - 10 : x + 10;
  const cy = y + pill.height / 2;
  c.beginPath();
  if (down) {
    const way = 1;
    c.moveTo(cx - 3, cy - 1.5 * way);
    c.lineTo(cx, cy + 1.5 * way);
    c.lineTo(cx + 3, cy - 1.5 * way);
  } else {
    c.moveTo(cx - 1.5, cy - 3);
    c.lineTo(cx + 1.5, cy);
    c.lineTo(cx - 1.5, cy + 3);
  }
  c.strokeStyle = colour;
  c.lineWidth = 1.25;
  c.stroke();
}
