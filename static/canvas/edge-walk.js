/** Edges by keyboard: from a layer along its edges, one after the other, and from an edge to the layer at either end. */

import { formatShape } from '../model/marks.js';

/** @typedef {import('./view.js').CanvasView} CanvasView */
/** @typedef {import('../model/types.js').Edge} Edge */

/** Edges of a layer: what it reads, by bottom, then what reads it. @param {CanvasView} view @param {string} key */
function edgesOf({ model }, key) {
  const into = [...model.edgesIn(key)].sort((a, b) => a.bottom - b.bottom);
  const out = [...model.edgesOut(key)].sort((a, b) => a.top - b.top);
  return [...into, ...out];
}

/** The layer whose edges are walked: the one the keyboard is on, or was on before it came to the edge. @param {CanvasView} view */
function anchorOf({ model, walked }) {
  const { picked, selection } = model;
  if (picked) return walked !== null && (picked.source === walked || picked.target === walked) ? walked : picked.source;
  return selection.lead;
}

/** To the next edge of the layer. @param {CanvasView} view @param {1 | -1} by @returns {string} what to say */
export function walkEdges(view, by) {
  const { model } = view;
  const anchor = anchorOf(view);
  if (anchor === null) return '';
  const edges = edgesOf(view, anchor);
  if (edges.length === 0) return `${anchor} has no edges`;
  const at = model.picked ? edges.indexOf(model.picked) : by > 0 ? -1 : 0;
  const next = (at + by + edges.length) % edges.length;
  view.walked = anchor;
  model.pick(edges[next]);
  view.reveal([anchor === edges[next].source ? edges[next].target : edges[next].source]);
  return `${edgeWords(view, edges[next])}, edge ${next + 1} of ${edges.length} of ${anchor}`;
}

/** An edge in words. @param {CanvasView} view @param {Edge} edge */
export function edgeWords({ model }, { source, target, blob, top, bottom }) {
  const shape = formatShape(model.layer(source)?.tops[top]?.shape ?? null);
  const bottoms = model.layer(target)?.bottoms.length ?? 1;
  return `${blob}${shape ? ` ${shape}` : ''} from ${source} to ${bottoms > 1 ? `bottom ${bottom + 1} of ` : ''}${target}`;
}

/** To the layer at an end of the picked edge. @param {CanvasView} view @param {'source' | 'target'} end */
export function goToEnd(view, end) {
  const { picked, selection } = view.model;
  if (!picked) return;
  selection.set([picked[end]]);
  view.reveal([picked[end]]);
}

/** Back from an edge to the layer it was reached from. @param {CanvasView} view */
export function leaveEdge(view) {
  const anchor = anchorOf(view);
  if (anchor !== null) view.model.selection.set([anchor]);
}

/** A point on an edge, client px: where its menu opens. @param {CanvasView} view @param {Edge} edge */
export function clientPointOf(view, edge) {
  const { scene, camera, canvas } = view;
  const e = scene?.cardEdge(view.model.indexOf(edge));
  if (!scene || e === undefined) return null;
  const { points, starts } = scene.layout;
  const last = starts[e + 1] - 1;
  const { x, y } = camera.toScreen((points[2 * starts[e]] + points[2 * last]) / 2, (points[2 * starts[e] + 1] + points[2 * last + 1]) / 2);
  const host = canvas.getBoundingClientRect();
  const within = (/** @type {number} */ at, /** @type {number} */ most) => Math.max(8, Math.min(most - 8, at));
  return { clientX: host.left + within(x, host.width), clientY: host.top + within(y, host.height) };
}
