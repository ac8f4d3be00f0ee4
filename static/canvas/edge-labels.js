/** Names on edges: one a blob, placed where it covers no card, no stub and no other name; without such a place, none. */

import RBush from '../vendor/rbush.js';
import { Sampler, traceEdge } from './edge-paths.js';

/** @typedef {import('./scene.js').Scene} Scene */
/** @typedef {import('./camera.js').Box} Box */
/** @typedef {{edge: number, lines: string[], x: number, y: number, width: number, height: number}} EdgeLabel  edge: index in set.edges; x, y: its middle, world */

const LINE = 15;
const PAD = 4;
const APART = 3;
/** Where nets flow to the right, names wider than this are cut. */
export const LABEL_MOST = 150;

/** Size of a label of so many lines, px. @param {string[]} lines @param {(text: string) => number} width */
function labelSize(lines, width) {
  return { width: Math.max(...lines.map(width)) + 2 * PAD, height: lines.length * LINE + (lines.length > 1 ? 6 : 2) };
}

/**
 * @param {Scene} scene @param {(e: number) => string[]} linesOf  of a card edge @param {(text: string) => number} width
 * @returns {EdgeLabel[]}
 */
export function placeLabels(scene, linesOf, width) {
  /** @type {RBush<Box>} */
  const taken = new RBush();
  /** @type {EdgeLabel[]} */
  const placed = [];
  for (const edges of byBlob(scene)) {
    const lines = linesOf(edges[0]);
    if (!lines.length) continue;
    const size = labelSize(lines, width);
    for (const { edge, x, y } of candidates(scene, edges)) {
      const box = around(x, y, size);
      if (taken.collides(box) || !isFree(scene, box)) continue;
      taken.insert(box);
      placed.push({ edge, lines, x, y, ...size });
      break;
    }
  }
  return placed;
}

/** Edges that are not stubs, those of one blob together. @param {Scene} scene @returns {Iterable<number[]>} */
function byBlob(scene) {
  /** @type {Map<string, number[]>} */
  const groups = new Map();
  scene.set.edges.forEach(({ edge, source }, e) => {
    if (scene.layout.stub[e]) return;
    const id = `${source} ${scene.model.graph.edges[edge].blob}`;
    const group = groups.get(id);
    if (group) group.push(e);
    else groups.set(id, [e]);
  });
  return groups.values();
}

/** Points on the edges, the best first: the middle of one edge; near where several leave together. @param {Scene} scene @param {number[]} edges */
function candidates(scene, edges) {
  /** @type {{edge: number, x: number, y: number, cost: number}[]} */
  const found = [];
  const together = edges.length > 1;
  for (const edge of edges) {
    const { source, target } = scene.set.edges[edge];
    const sampler = new Sampler();
    traceEdge(sampler, scene.layout, edge, scene.direction === 'down', null, source, target);
    const points = dense(sampler.points);
    const half = (points.length / 2 - 1) / 2;
    for (let k = 0; k < points.length / 2; k++) {
      found.push({ edge, x: points[2 * k], y: points[2 * k + 1], cost: together ? k : Math.abs(k - half) });
    }
  }
  return found.sort((a, b) => a.cost - b.cost);
}

/** Points at most a few px apart. @param {number[]} points */
function dense(points) {
  const all = [points[0], points[1]];
  for (let i = 2; i < points.length; i += 2) {
    const [ax, ay, bx, by] = [points[i - 2], points[i - 1], points[i], points[i + 1]];
    const steps = Math.min(24, Math.max(1, Math.round(Math.hypot(bx - ax, by - ay) / 6)));
    for (let k = 1; k <= steps; k++) all.push(ax + ((bx - ax) * k) / steps, ay + ((by - ay) * k) / steps);
  }
  return all;
}

/** @param {number} x @param {number} y @param {{width: number, height: number}} size @returns {Box} */
function around(x, y, { width, height }) {
  return { minX: x - width / 2 - APART, minY: y - height / 2, maxX: x + width / 2 + APART, maxY: y + height / 2 };
}

/** @param {Scene} scene @param {Box} box */
function isFree(scene, box) {
  const touches = (/** @type {{x: number, y: number, width: number, height: number}} */ { x, y, width, height }) =>
    x < box.maxX && x + width > box.minX && y < box.maxY + 1 && y + height > box.minY - 1;
  return scene.cardsIn(box).every((i) => !touches(scene.rect(i)) && !scene.pillsOf[i].some(touches));
}
