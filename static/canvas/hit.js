/** What is under a point. */

import { frameAt } from './draw-frames.js';
import { Sampler, traceEdge } from './edge-paths.js';

/** @typedef {import('./scene.js').Scene} Scene */
/**
 * @typedef {{kind: 'row', card: number, key: string}
 *   | {kind: 'card', card: number}
 *   | {kind: 'pill', pill: import('./pills.js').Pill}
 *   | {kind: 'edge', edge: number}
 *   | {kind: 'frame', keys: string[]}} Hit  row: one layer; card: a stack's foot or a group; edge: index in set.edges; frame: a copy
 */

/** @param {Scene} scene @param {number} x @param {number} y @param {number} zoom @returns {Hit | null} */
export function hitTest(scene, x, y, zoom) {
  const near = { minX: x, minY: y, maxX: x, maxY: y };
  for (const i of scene.cardsIn(near).reverse()) {
    const rect = scene.rect(i);
    for (const pill of scene.pillsOf[i]) {
      if (x >= pill.x && x <= pill.x + pill.width && y >= pill.y && y <= pill.y + pill.height) return { kind: 'pill', pill };
    }
    if (x < rect.x || x > rect.x + rect.width || y < rect.y || y > rect.y + rect.height) continue;
    const box = scene.boxes[i];
    if (box.group) return { kind: 'card', card: i };
    const row = box.rows.find(({ y: top, height }) => y - rect.y >= top && y - rect.y < top + height);
    if (row) return { kind: 'row', card: i, key: row.layer.key };
    return box.rows.length === 1 ? { kind: 'row', card: i, key: box.rows[0].layer.key } : { kind: 'card', card: i };
  }
  const edge = zoom < 0.2 ? null : edgeAt(scene, x, y, 6 / zoom);
  if (edge || !scene.model.settings.frames) return edge;
  const frame = frameAt(scene.frames, x, y, zoom);
  return frame ? { kind: 'frame', keys: frame.keys } : null;
}

/** @param {Scene} scene @param {number} x @param {number} y @param {number} within @returns {Hit | null} */
function edgeAt(scene, x, y, within) {
  let best = -1;
  let least = within;
  const area = { minX: x - within, minY: y - within, maxX: x + within, maxY: y + within };
  for (const e of scene.edgesIn(area)) {
    const { source, target } = scene.set.edges[e];
    const sampler = new Sampler();
    traceEdge(sampler, scene.layout, e, scene.direction === 'down', null, source, target);
    const distance = sampler.distance(x, y);
    if (distance < least) {
      least = distance;
      best = e;
    }
  }
  return best === -1 ? null : { kind: 'edge', edge: best };
}

/**
 * Layers whose rows a box touches; a card's foot belongs to its last layer, a group goes whole.
 * @param {Scene} scene @param {import('./camera.js').Box} box
 * @returns {string[]}
 */
export function layersIn(scene, box) {
  return scene.cardsIn(box).flatMap((i) => {
    const rect = scene.rect(i);
    if (box.maxX < rect.x || box.minX > rect.x + rect.width) return [];
    if (box.maxY < rect.y || box.minY > rect.y + rect.height) return [];
    if (scene.boxes[i].group) return scene.set.cards[i].rows;
    const rows = scene.boxes[i].rows;
    const touched = rows.filter((row, k) => {
      const top = rect.y + row.y;
      const bottom = k === rows.length - 1 ? rect.y + rect.height : top + row.height;
      return box.maxY >= top && box.minY <= bottom;
    });
    return touched.map((row) => row.layer.key);
  });
}
