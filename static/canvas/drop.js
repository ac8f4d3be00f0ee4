/** Where something that is dragged from outside the canvas would fall. */

import { hitTest } from './hit.js';

/** @typedef {{edge?: number, layer?: string, x: number, y: number}} Drop  an edge of the graph, a layer, or neither; world position */

/**
 * @param {import('./view.js').CanvasView} view @param {HTMLElement} canvas
 * @param {number} clientX @param {number} clientY @param {string} text  said where an edge is hit
 * @param {{edge: boolean, layer: boolean}} takes  what it may fall on
 * @returns {Drop | null} null outside the canvas
 */
export function aimAt(view, canvas, clientX, clientY, text, takes) {
  const box = canvas.getBoundingClientRect();
  const x = clientX - box.left;
  const y = clientY - box.top;
  if (x < 0 || y < 0 || x > box.width || y > box.height) {
    view.point(null);
    return null;
  }
  const world = view.camera.toWorld(x, y);
  if (!view.scene) return world;
  const { scene } = view;
  // Edges are thin: while something is dragged they are hit from further away.
  const found = hitTest(scene, world.x, world.y, view.camera.zoom / 2.5);
  const hit = found && takes[found.kind === 'edge' ? 'edge' : 'layer'] && takenBy(view, found) ? found : null;
  view.aim(hit, x, y, text);
  if (hit?.kind === 'edge') return { ...world, edge: scene.set.edges[hit.edge].edge };
  if (hit?.kind === 'row') return { ...world, layer: hit.key };
  if (hit?.kind === 'card') return { ...world, layer: scene.set.cards[hit.card].rows.at(-1) };
  return world;
}

/** A layer without tops gives nothing to read. @param {import('./view.js').CanvasView} view @param {import('./hit.js').Hit} hit */
function takenBy({ model, scene }, hit) {
  const key = hit.kind === 'row' ? hit.key : hit.kind === 'card' ? scene?.set.cards[hit.card].rows.at(-1) : undefined;
  return key === undefined ? hit.kind === 'edge' : (model.layer(key)?.tops.length ?? 0) > 0;
}
