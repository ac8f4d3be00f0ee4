/**
 * The order within rows, for few crossings: barycentre sweeps, then swaps of neighbours. Rows that hold one node cut
 * the net into sections whose orders do not depend on each other, so each section keeps its own best.
 */

/** @typedef {import('./types.js').Grid} Grid */

const SWEEPS = 24;
/** Other beginnings that are tried where crossings remain, and how many nodes they may come to in all. */
const STARTS = 12;
const WORK = 4000;
/** Rows longer than this are not sifted: it takes time in the square of their length. */
const MOST_SIFTED = 48;

/**
 * @param {Grid} grid
 * @param {Uint8Array | null} [pinned]  1 where a node keeps its place among the other pinned ones of its row
 */
export function orderRows(grid, pinned = null) {
  let first = 0;
  for (let r = 1; r <= grid.rows.length; r++) {
    if (r < grid.rows.length && grid.rows[r].length > 1) continue;
    const last = Math.min(r, grid.rows.length - 1);
    if (last - first > 0) orderSection(grid, first, last, pinned);
    first = r;
  }
}

/** @param {Grid} grid @param {number} first @param {number} last @param {Uint8Array | null} pinned */
function orderSection(grid, first, last, pinned) {
  let best = crossings(grid, first, last);
  if (best === 0) return;
  if (!pinned) best = sweep(grid, first, last, best);
  best = improve(grid, first, last, best, pinned);
  if (best > 0 && !pinned) startAnew(grid, first, last, best);
  if (!pinned) asInFile(grid, first, last);
}

/** Of an order and its mirror, which cross alike, that which comes nearer to the file's: copy 1 left of copy 2. @param {Grid} grid @param {number} first @param {number} last */
function asInFile(grid, first, last) {
  let turned = 0;
  for (let r = first; r <= last; r++) {
    const row = grid.rows[r].filter((v) => v < grid.real);
    for (let i = 1; i < row.length; i++) turned += row[i] < row[i - 1] ? 1 : -1;
  }
  if (turned > 0) for (let r = first; r <= last; r++) place(grid, r, grid.rows[r].toReversed());
}

/** Barycentre sweeps down and up; leaves the best order that they came by. @param {Grid} grid @param {number} first @param {number} last @param {number} best  crossings now */
function sweep(grid, first, last, best) {
  let kept = copyRows(grid, first, last);
  let idle = 0;
  for (let sweep = 0; sweep < SWEEPS && best > 0 && idle < 6; sweep++) {
    const down = sweep % 2 === 0;
    const right = sweep % 4 >= 2;
    for (let i = 1; i <= last - first; i++) sortRow(grid, down ? first + i : last - i, down, right);
    const now = crossings(grid, first, last);
    if (now < best) {
      best = now;
      kept = copyRows(grid, first, last);
      idle = 0;
    } else idle++;
  }
  restoreRows(grid, first, kept);
  return best;
}

/** Single nodes go where fewer edges cross. @param {Grid} grid @param {number} first @param {number} last @param {number} best @param {Uint8Array | null} pinned */
function improve(grid, first, last, best, pinned) {
  for (let round = 0; round < 8 && best > 0; round++) {
    let gained = 0;
    for (let r = first; r <= last; r++) gained += pinned ? swapRow(grid, r, pinned) : swapRow(grid, r, null) + siftRow(grid, r);
    if (gained === 0) break;
    best -= gained;
  }
  return best;
}

/** Where crossings remain, other beginnings may lead to fewer; shuffled by a fixed rule, so that a net always looks the same. @param {Grid} grid @param {number} first @param {number} last @param {number} best */
function startAnew(grid, first, last, best) {
  let size = 0;
  for (let r = first; r <= last; r++) size += grid.rows[r].length;
  let kept = copyRows(grid, first, last);
  let seed = 1;
  const next = (/** @type {number} */ below) => {
    seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
    return Math.floor((seed / 0x80000000) * below);
  };
  for (let start = 0; start < Math.min(STARTS, WORK / size) && best > 0; start++) {
    for (let r = first; r <= last; r++) {
      const row = kept[r - first].slice();
      for (let i = row.length - 1; i > 0; i--) {
        const k = next(i + 1);
        [row[i], row[k]] = [row[k], row[i]];
      }
      place(grid, r, row);
    }
    const now = improve(grid, first, last, sweep(grid, first, last, crossings(grid, first, last)), null);
    if (now < best) {
      best = now;
      kept = copyRows(grid, first, last);
    }
  }
  restoreRows(grid, first, kept);
}

/** @param {Grid} grid @param {number} first @param {number} last */
function copyRows(grid, first, last) {
  return grid.rows.slice(first, last + 1).map((row) => row.slice());
}

/** @param {Grid} grid @param {number} first @param {number[][]} rows */
function restoreRows(grid, first, rows) {
  rows.forEach((row, i) => place(grid, first + i, row));
}

/** @param {Grid} grid @param {number} r @param {number[]} row */
function place(grid, r, row) {
  grid.rows[r] = row;
  for (let i = 0; i < row.length; i++) grid.at[row[i]] = i;
}

/** Sorts a row by the mean position of its neighbours; those without any stay where they are. @param {Grid} grid @param {number} r @param {boolean} down @param {boolean} right */
function sortRow(grid, r, down, right) {
  const row = grid.rows[r];
  if (row.length < 2) return;
  /** @type {{v: number, value: number, at: number}[]} */
  const free = [];
  for (const v of row) {
    const list = down ? grid.up[v] : grid.down[v];
    if (list.length === 0) continue;
    let sum = 0;
    for (const u of list) sum += grid.at[u];
    free.push({ v, value: sum / list.length, at: grid.at[v] });
  }
  free.sort((a, b) => a.value - b.value || (right ? b.at - a.at : a.at - b.at));
  let next = 0;
  const sorted = row.map((v) => ((down ? grid.up[v] : grid.down[v]).length === 0 ? v : free[next++].v));
  place(grid, r, sorted);
}

/** Swaps neighbours where that removes crossings; returns how many. @param {Grid} grid @param {number} r @param {Uint8Array | null} pinned */
function swapRow(grid, r, pinned) {
  const row = grid.rows[r];
  let gained = 0;
  for (let i = 0; i + 1 < row.length; i++) {
    const a = row[i];
    const b = row[i + 1];
    if (pinned && pinned[a] && pinned[b]) continue;
    const now = pairCrossings(grid, grid.up[a], grid.up[b]) + pairCrossings(grid, grid.down[a], grid.down[b]);
    if (now === 0) continue;
    const then = pairCrossings(grid, grid.up[b], grid.up[a]) + pairCrossings(grid, grid.down[b], grid.down[a]);
    if (then >= now) continue;
    gained += now - then;
    row[i] = b;
    row[i + 1] = a;
    grid.at[b] = i;
    grid.at[a] = i + 1;
  }
  return gained;
}

/** Each node of a row goes where it causes the fewest crossings; returns how many that saved. @param {Grid} grid @param {number} r */
function siftRow(grid, r) {
  if (grid.rows[r].length < 3 || grid.rows[r].length > MOST_SIFTED) return 0;
  let gained = 0;
  for (const v of grid.rows[r].slice()) {
    const row = grid.rows[r].filter((u) => u !== v);
    const from = grid.at[v];
    // Crossings with all others as v moves from the very left to the right, step by step.
    let sum = 0;
    let [here, best, to] = [0, 0, 0];
    for (let i = 0; i < row.length; i++) {
      const u = row[i];
      const after = pairCrossings(grid, grid.up[u], grid.up[v]) + pairCrossings(grid, grid.down[u], grid.down[v]);
      const before = pairCrossings(grid, grid.up[v], grid.up[u]) + pairCrossings(grid, grid.down[v], grid.down[u]);
      sum += after - before;
      if (i + 1 === from) here = sum;
      if (sum < best) [best, to] = [sum, i + 1];
    }
    if (best >= here) continue;
    gained += here - best;
    row.splice(to, 0, v);
    place(grid, r, row);
  }
  return gained;
}

/** @param {Grid} grid @param {number[]} left @param {number[]} right */
function pairCrossings(grid, left, right) {
  let count = 0;
  for (const u of left) for (const v of right) if (grid.at[u] > grid.at[v]) count++;
  return count;
}

/** Crossings between the rows first..last. @param {Grid} grid @param {number} [first] @param {number} [last] */
export function crossings(grid, first = 0, last = grid.rows.length - 1) {
  let total = 0;
  for (let r = first; r < last; r++) total += rowCrossings(grid, r);
  return total;
}

/** Inversions between a row and the next, counted with a binary indexed tree. @param {Grid} grid @param {number} r */
function rowCrossings(grid, r) {
  const size = grid.rows[r + 1].length;
  if (size < 2 || grid.rows[r].length < 2) return 0;
  const tree = new Int32Array(size + 1);
  let seen = 0;
  let total = 0;
  for (const v of grid.rows[r]) {
    const ends = grid.down[v];
    for (const w of ends) {
      let below = 0;
      for (let i = grid.at[w] + 1; i > 0; i -= i & -i) below += tree[i];
      total += seen - below;
    }
    for (const w of ends) for (let i = grid.at[w] + 1; i <= size; i += i & -i) tree[i]++;
    seen += ends.length;
  }
  return total;
}
