/**
 * Share links: a dashed curve from the owner of shared blobs to each sharer, in the group's colour. They run behind the
 * cards: what stands between two sharers is not struck through.
 */

import { roundRect } from './draw-card.js';

/** @typedef {import('./scene.js').Scene} Scene */
/** @typedef {import('./draw-card.js').Look} Look */
/** @typedef {{from: string, to: string, colour: number, names: string[]}} ShareLink */

/**
 * Links that are to be drawn: one a pair of layers, naming all groups they share.
 * @param {import('../model/graph-model.js').GraphModel} model
 * @returns {ShareLink[]}
 */
export function shareLinks(model) {
  const { shares } = model.settings;
  if (shares === 'off') return [];
  const hover = model.hover?.group;
  /** @type {Map<string, ShareLink>} */
  const links = new Map();
  for (const group of model.graph.groups) {
    const shown =
      shares === 'all' || group.name === hover || group.members.some((member) => model.selection.has(member.layer));
    if (!shown) continue;
    for (const { layer } of group.members) {
      if (layer === group.owner) continue;
      const id = `${group.owner}\n${layer}`;
      const link = links.get(id);
      if (!link) links.set(id, { from: group.owner, to: layer, colour: model.groupColour(group.name), names: [group.name] });
      else if (!link.names.includes(group.name)) link.names.push(group.name);
    }
  }
  return [...links.values()];
}

/** @param {CanvasRenderingContext2D} c @param {Scene} scene @param {ShareLink[]} links @param {Look} look @param {import('./edge-paths.js').Drift} drift */
export function drawShareLinks(c, scene, links, { theme, fonts, zoom, meter }, drift) {
  const labels = zoom > 0.6 && links.length <= 24;
  const named = new Set(); // one name a group is enough, however many share it
  for (const link of links) {
    const a = placed(scene, link.from, drift);
    const b = placed(scene, link.to, drift);
    if (!a || !b) continue;
    const colour = theme.share[(link.colour - 1) % 8];
    const curve = curveBetween(a, b, scene.direction === 'right');
    c.beginPath();
    c.moveTo(curve.ax, curve.ay);
    c.bezierCurveTo(curve.bx, curve.by, curve.cx, curve.cy, curve.dx, curve.dy);
    c.strokeStyle = colour;
    c.lineWidth = Math.max(1.75, 1.2 / zoom);
    c.setLineDash([6, 4]);
    c.stroke();
    c.setLineDash([]);
    c.fillStyle = colour;
    c.beginPath();
    c.arc(curve.ax, curve.ay, 4, 0, 7);
    c.moveTo(curve.dx + 4, curve.dy);
    c.arc(curve.dx, curve.dy, 4, 0, 7);
    c.fill();
    const names = link.names.join(', ');
    if (!labels || named.has(names)) continue;
    const text = meter.cut(names, fonts.pill, 120);
    const width = meter.width(text, fonts.pill) + 14;
    const at = labelPlace(scene, curve, width);
    if (!at) continue;
    named.add(names);
    roundRect(c, at.x - width / 2, at.y - 9, width, 18, 9);
    c.fillStyle = theme.colour.bg;
    c.fill();
    c.lineWidth = 1;
    c.stroke();
    c.font = fonts.pill;
    c.textBaseline = 'middle';
    c.fillStyle = colour;
    c.fillText(text, at.x - width / 2 + 7, at.y + 0.5);
  }
}

/** Where along a link its name hides no card and is hidden by none; null: nowhere. @param {Scene} scene @param {ReturnType<typeof curveBetween>} curve @param {number} width */
function labelPlace(scene, { ax, ay, bx, by, cx, cy, dx, dy }, width) {
  for (const t of [0.5, 0.3, 0.7, 0.15, 0.85]) {
    const s = 1 - t;
    const mix = (/** @type {number[]} */ ...[p, q, r, u]) => s * s * s * p + 3 * s * s * t * q + 3 * s * t * t * r + t * t * t * u;
    const at = { x: mix(ax, bx, cx, dx), y: mix(ay, by, cy, dy) };
    const box = { minX: at.x - width / 2 - 4, minY: at.y - 11, maxX: at.x + width / 2 + 4, maxY: at.y + 11 };
    if (scene.cardsIn(box).length === 0) return at;
  }
  return null;
}

/** @param {Scene} scene @param {string} key @param {import('./edge-paths.js').Drift} drift */
function placed(scene, key, drift) {
  const rect = scene.layerRect(key);
  const card = scene.set.cardOf.get(key);
  if (!rect || card === undefined) return null;
  return { ...rect, x: rect.x + (drift ? drift.dx[card] : 0), y: rect.y + (drift ? drift.dy[card] : 0) };
}

/** From side to side where the layers stand beside each other, else bulging out at the right. @param {{x: number, y: number, width: number, height: number}} a @param {{x: number, y: number, width: number, height: number}} b @param {boolean} across  a net that flows to the right has its copies below each other */
function curveBetween(a, b, across) {
  const ay = a.y + a.height / 2;
  const by = b.y + b.height / 2;
  const [left, right] = a.x <= b.x ? [a, b] : [b, a];
  if (right.x > left.x + left.width + 8) {
    const [ax, dx] = a === left ? [a.x + a.width, b.x] : [a.x, b.x + b.width];
    const pull = Math.max(24, Math.abs(dx - ax) / 2) * Math.sign(dx - ax);
    return { ax, ay, bx: ax + pull, by: ay, cx: dx - pull, cy: by, dx, dy: by };
  }
  const [upper, lower] = a.y <= b.y ? [a, b] : [b, a];
  if (across && lower.y > upper.y + upper.height + 8) {
    const [top, bottom] = a === upper ? [a.y + a.height, b.y] : [a.y, b.y + b.height];
    const [mx, nx] = [a.x + a.width / 2, b.x + b.width / 2];
    const pull = (bottom - top) / 2;
    return { ax: mx, ay: top, bx: mx, by: top + pull, cx: nx, cy: bottom - pull, dx: nx, dy: bottom };
  }
  const ax = a.x + a.width;
  const dx = b.x + b.width;
  const bulge = Math.max(ax, dx) + 36 + Math.min(120, Math.abs(by - ay) / 5);
  return { ax, ay, bx: bulge, by: ay, cx: bulge, cy: by, dx, dy: by };
}
