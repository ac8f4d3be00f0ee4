/** A line drawn around cards. Pure. */

/** @typedef {{x: number, y: number}} Point */

/** Whether a point lies inside a closed line (even-odd). @param {readonly Point[]} line @param {number} x @param {number} y */
export function inside(line, x, y) {
  let within = false;
  for (let i = 0, k = line.length - 1; i < line.length; k = i++) {
    const a = line[i];
    const b = line[k];
    if (a.y > y !== b.y > y && x < ((b.x - a.x) * (y - a.y)) / (b.y - a.y) + a.x) within = !within;
  }
  return within;
}

/**
 * Layers whose middle the line goes around; a group goes whole.
 * @param {import('./scene.js').Scene} scene @param {readonly Point[]} line @returns {string[]}
 */
export function layersWithin(scene, line) {
  const xs = line.map((point) => point.x);
  const ys = line.map((point) => point.y);
  const box = { minX: Math.min(...xs), minY: Math.min(...ys), maxX: Math.max(...xs), maxY: Math.max(...ys) };
  return scene.cardsIn(box).flatMap((i) => {
    const { x, y, width, height } = scene.rect(i);
    const { rows, group } = scene.boxes[i];
    if (group) return inside(line, x + width / 2, y + height / 2) ? scene.set.cards[i].rows : [];
    return rows.filter((row) => inside(line, x + width / 2, y + row.y + row.height / 2)).map((row) => row.layer.key);
  });
}
