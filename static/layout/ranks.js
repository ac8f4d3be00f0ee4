/** Ranks: which row each node stands in. Every edge runs to a later row; edges that would close a cycle are turned. */

/**
 * @param {number} count @param {ArrayLike<number>} sources @param {ArrayLike<number>} targets
 * @returns {{rank: Int32Array, reversed: Uint8Array}}  reversed: 1 where an edge was turned round
 */
export function assignRanks(count, sources, targets) {
  const reversed = turnBackEdges(count, sources, targets);
  const above = /** @type {number[][]} */ (Array.from({ length: count }, () => []));
  const below = /** @type {number[][]} */ (Array.from({ length: count }, () => []));
  for (let e = 0; e < sources.length; e++) {
    if (sources[e] === targets[e]) continue;
    const from = reversed[e] ? targets[e] : sources[e];
    const to = reversed[e] ? sources[e] : targets[e];
    above[to].push(from);
    below[from].push(to);
  }
  const order = topological(above, below);
  const rank = new Int32Array(count);
  for (const v of order) for (const u of above[v]) rank[v] = Math.max(rank[v], rank[u] + 1);
  // What is read more often than it reads goes down to its readers: inputs and side branches stand where they are used.
  for (let i = order.length - 1; i >= 0; i--) {
    const v = order[i];
    if (below[v].length <= above[v].length) continue;
    let least = Infinity;
    for (const w of below[v]) least = Math.min(least, rank[w]);
    rank[v] = Math.max(rank[v], least - 1);
  }
  return { rank, reversed };
}

/**
 * Depth-first, in index order, without recursion.
 * @param {number} count @param {ArrayLike<number>} sources @param {ArrayLike<number>} targets
 */
function turnBackEdges(count, sources, targets) {
  const reversed = new Uint8Array(sources.length);
  let forward = true;
  for (let e = 0; e < sources.length && forward; e++) forward = sources[e] < targets[e];
  if (forward) return reversed; // file order is a topological order: the usual case
  const out = /** @type {number[][]} */ (Array.from({ length: count }, () => []));
  for (let e = 0; e < sources.length; e++) out[sources[e]].push(e);
  const state = new Uint8Array(count); // 0 new, 1 open, 2 done
  const next = new Int32Array(count);
  for (let root = 0; root < count; root++) {
    if (state[root] !== 0) continue;
    const stack = [root];
    state[root] = 1;
    while (stack.length > 0) {
      const v = stack[stack.length - 1];
      if (next[v] === out[v].length) {
        state[v] = 2;
        stack.pop();
        continue;
      }
      const e = out[v][next[v]++];
      const w = targets[e];
      if (state[w] === 1) reversed[e] = 1;
      else if (state[w] === 0) {
        state[w] = 1;
        stack.push(w);
      }
    }
  }
  return reversed;
}

/** @param {number[][]} above @param {number[][]} below */
function topological(above, below) {
  const missing = above.map((list) => list.length);
  const order = [];
  for (let v = 0; v < missing.length; v++) if (missing[v] === 0) order.push(v);
  for (let i = 0; i < order.length; i++) {
    for (const w of below[order[i]]) if (--missing[w] === 0) order.push(w);
  }
  return order;
}
