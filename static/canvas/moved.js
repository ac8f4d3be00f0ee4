/** Cards that people moved: how far from the places that the layout gives them, and the layout with that applied. Pure. */

/** @typedef {import('../layout/types.js').LayoutResult} LayoutResult */
/** @typedef {import('../model/types.js').CardSet} CardSet */
/** @typedef {ReadonlyMap<string, readonly [number, number]>} Moves  by the card's first layer: dx, dy in px */

/** Offsets of all cards, or null where none of them is moved. @param {CardSet} set @param {Moves} moves */
function driftOf(set, moves) {
  if (moves.size === 0) return null;
  const dx = new Float64Array(set.cards.length);
  const dy = new Float64Array(set.cards.length);
  let any = false;
  set.cards.forEach((card, i) => {
    const by = moves.get(card.id);
    if (!by) return;
    [dx[i], dy[i]] = by;
    any = true;
  });
  return any ? { dx, dy } : null;
}

/**
 * The layout with moved cards where they were moved to; their edges follow, the ends all the way, what is between in
 * proportion.
 * @param {LayoutResult} layout @param {CardSet} set @param {ArrayLike<{width: number, height: number}>} boxes @param {Moves} moves
 * @returns {LayoutResult}
 */
export function withMoves(layout, set, boxes, moves) {
  const drift = driftOf(set, moves);
  if (!drift) return layout;
  const { dx, dy } = drift;
  const x = layout.x.map((value, i) => value + dx[i]);
  const y = layout.y.map((value, i) => value + dy[i]);
  const points = layout.points.slice();
  const bounds = { ...layout.bounds };
  set.edges.forEach(({ source, target }, e) => {
    if (!dx[source] && !dy[source] && !dx[target] && !dy[target]) return;
    const first = layout.starts[e];
    const last = layout.starts[e + 1] - 1;
    for (let k = first; k <= last; k++) {
      const t = (k - first) / Math.max(1, last - first);
      points[2 * k] += dx[source] * (1 - t) + dx[target] * t;
      points[2 * k + 1] += dy[source] * (1 - t) + dy[target] * t;
    }
  });
  for (let i = 0; i < x.length; i++) {
    const { width, height } = boxes[i];
    bounds.minX = Math.min(bounds.minX, x[i] - width / 2);
    bounds.maxX = Math.max(bounds.maxX, x[i] + width / 2);
    bounds.minY = Math.min(bounds.minY, y[i] - height / 2);
    bounds.maxY = Math.max(bounds.maxY, y[i] + height / 2);
  }
  return { ...layout, x, y, points, bounds };
}

/** Moves with some cards moved further; what comes back to its place is forgotten. @param {Moves} moves @param {Iterable<string>} ids @param {number} dx @param {number} dy @returns {Moves} */
export function moveFurther(moves, ids, dx, dy) {
  const next = new Map(moves);
  for (const id of ids) {
    const [x, y] = next.get(id) ?? [0, 0];
    const to = /** @type {const} */ ([Math.round(x + dx), Math.round(y + dy)]);
    if (to[0] === 0 && to[1] === 0) next.delete(id);
    else next.set(id, to);
  }
  return next;
}
