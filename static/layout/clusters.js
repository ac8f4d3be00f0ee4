/** Copies of a part that stand side by side: far enough apart for a frame around each. */

/** @typedef {import('./types.js').Grid} Grid */
/** @typedef {{nodes: number[], left: number, right: number, first: number, last: number}} Cluster */

/** Between two copies: the margins of their frames, and a little. */
const GAP = 36;

/**
 * Moves copies to the right, with all that stands right of them in their rows, until no copy reaches over the next one.
 * Copies that are mixed stay so: they would have to be taken apart.
 * @param {Grid} grid @param {Float64Array} size @param {Float64Array} x  centres; changed
 * @param {ArrayLike<number>} clusters  of each real node: which copy it is of, or -1
 */
export function separateClusters(grid, size, x, clusters) {
  const found = clustersOf(grid, size, x, clusters);
  for (let i = 1; i < found.length; i++) {
    for (const before of found.slice(0, i)) {
      const cluster = found[i];
      const short = before.right + GAP - cluster.left;
      const beside = before.first <= cluster.last && cluster.first <= before.last;
      if (!beside || short <= 0 || 2 * short > Math.min(before.right - before.left, cluster.right - cluster.left)) continue;
      moveRight(grid, x, cluster, short);
      for (const later of found.slice(i)) measure(grid, size, x, later);
    }
  }
}

/** From left to right. @param {Grid} grid @param {Float64Array} size @param {Float64Array} x @param {ArrayLike<number>} clusters */
function clustersOf(grid, size, x, clusters) {
  /** @type {Map<number, number[]>} */
  const members = new Map();
  for (let v = 0; v < grid.real; v++) {
    if (clusters[v] === -1) continue;
    const list = members.get(clusters[v]);
    if (list) list.push(v);
    else members.set(clusters[v], [v]);
  }
  const found = [...members.values()].map((nodes) => {
    const cluster = { nodes, left: 0, right: 0, first: 0, last: 0 };
    measure(grid, size, x, cluster);
    return cluster;
  });
  return found.sort((a, b) => a.left + a.right - b.left - b.right);
}

/** @param {Grid} grid @param {Float64Array} size @param {Float64Array} x @param {Cluster} cluster */
function measure(grid, size, x, cluster) {
  cluster.left = cluster.first = Infinity;
  cluster.right = cluster.last = -Infinity;
  for (const v of cluster.nodes) {
    cluster.left = Math.min(cluster.left, x[v] - size[v] / 2);
    cluster.right = Math.max(cluster.right, x[v] + size[v] / 2);
    cluster.first = Math.min(cluster.first, grid.rank[v]);
    cluster.last = Math.max(cluster.last, grid.rank[v]);
  }
}

/** @param {Grid} grid @param {Float64Array} x @param {Cluster} cluster @param {number} by */
function moveRight(grid, x, { nodes, first, last }, by) {
  const inside = new Set(nodes);
  const from = nodes.reduce((least, v) => Math.min(least, x[v]), Infinity);
  for (let r = first; r <= last; r++) {
    const row = grid.rows[r];
    let at = row.findIndex((v) => inside.has(v));
    // In a row without any of its layers, bends that lead through it go along.
    if (at === -1) at = row.findIndex((v) => x[v] >= from);
    if (at === -1) continue;
    while (at > 0 && row[at - 1] >= grid.real && x[row[at - 1]] >= from) at--;
    for (; at < row.length; at++) x[row[at]] += by;
  }
}
