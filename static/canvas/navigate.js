/** Where the arrow keys lead: along edges with the flow and against it, and to the neighbour beside. */

/** @typedef {import('./scene.js').Scene} Scene */
/** @typedef {'up' | 'down' | 'left' | 'right'} Way */

/**
 * @param {Scene} scene @param {string} key @param {Way} way  on the screen
 * @returns {string | null} the layer to go to
 */
export function step(scene, key, way) {
  const down = scene.direction === 'down';
  const forward = way === (down ? 'down' : 'right');
  const back = way === (down ? 'up' : 'left');
  if (!forward && !back) {
    // In a net that flows to the right, up and down walk a stack's rows first.
    const row = !down && inStack(scene, key, way === 'down' ? 1 : -1);
    return row || beside(scene, key, way);
  }
  const stacked = down && inStack(scene, key, forward ? 1 : -1);
  if (stacked) return stacked;
  const keys = forward ? scene.model.readers(key) : scene.model.producers(key);
  const next = nearest(scene, key, keys.filter((other) => scene.set.cardOf.get(other) !== scene.set.cardOf.get(key)));
  if (next) return next;
  const all = scene.set.cards[scene.set.cardOf.get(key) ?? 0].rows;
  const around = all.flatMap((row) => (forward ? scene.model.readers(row) : scene.model.producers(row)));
  return nearest(scene, key, around.filter((other) => !all.includes(other)));
}

/** @param {Scene} scene @param {string} key @param {1 | -1} by */
function inStack(scene, key, by) {
  const card = scene.set.cards[scene.set.cardOf.get(key) ?? -1];
  if (!card || card.kind === 'group') return null;
  return card.rows[card.rows.indexOf(key) + by] ?? null;
}

/** @param {Scene} scene @param {string} key @param {string[]} keys */
function nearest(scene, key, keys) {
  const from = scene.layerRect(key);
  let best = null;
  let least = Infinity;
  for (const other of keys) {
    const to = scene.layerRect(other);
    if (!from || !to) continue;
    const distance = Math.hypot(to.x + to.width / 2 - from.x - from.width / 2, to.y - from.y);
    if (distance < least) {
      least = distance;
      best = other;
    }
  }
  return best;
}

/** The nearest card on that side, best in the same row. @param {Scene} scene @param {string} key @param {Way} way */
function beside(scene, key, way) {
  const card = scene.set.cardOf.get(key);
  if (card === undefined) return null;
  const { x, y, rank } = scene.layout;
  const across = way === 'left' || way === 'right' ? x : y;
  const sign = way === 'right' || way === 'down' ? 1 : -1;
  let best = -1;
  let least = Infinity;
  for (let i = 0; i < x.length; i++) {
    const off = (across[i] - across[card]) * sign;
    if (off <= 0 || Math.abs(rank[i] - rank[card]) > 2) continue;
    const cost = off + Math.abs(rank[i] - rank[card]) * 1000;
    if (cost < least) {
      least = cost;
      best = i;
    }
  }
  return best === -1 ? null : scene.set.cards[best].rows[0];
}
