/**
 * Main-axis positions of the rows, and the knots of every edge. Within a row an edge runs straight along the main axis
 * in a lane of its own, between rows it swings over: so no edge can pass through a node.
 */

/** @typedef {import('./types.js').Grid} Grid */
/** @typedef {import('./types.js').LayoutInput} LayoutInput */

const ROW_GAP = 38;
const ROW_GAP_MOST = 84;
const SWING = 0.09;
const PORT_GAP = 18;
const CORNER = 14;

/**
 * @typedef {object} Extents  of each real node: along the row, and along the main axis with its stubs before and after
 * @property {Float64Array} cross
 * @property {Float64Array} main
 * @property {Float64Array} before
 * @property {Float64Array} after
 */

/**
 * @param {Grid} grid @param {LayoutInput} input @param {Uint8Array} stub @param {Uint8Array} reversed
 * @param {Extents} extents @param {Float64Array} x  cross positions
 */
export function route(grid, input, stub, reversed, extents, x) {
  const leaving = leavingPorts(grid, input, stub, extents, x);
  const arriving = arrivingPorts(grid, input, stub, reversed, extents, x);
  const { main, top, bottom } = placeRows(grid, extents, x, input.hints?.starts ?? null, roomForLabels(grid, input, stub));
  const edges = input.sources.length;
  /** @type {number[]} */
  const points = [];
  const starts = new Int32Array(edges + 1);
  for (let e = 0; e < edges; e++) {
    starts[e] = points.length / 2;
    const from = input.sources[e];
    const to = input.targets[e];
    const fromEdge = main[from] + extents.main[from] / 2;
    const toEdge = main[to] - extents.main[to] / 2;
    const first = points.length;
    points.push(leaving[e], fromEdge);
    if (!stub[e]) {
      const chain = reversed[e] ? grid.chains[e].toReversed() : grid.chains[e];
      if (!reversed[e]) knot(points, first, leaving[e], bottom[grid.rank[from]]);
      for (const bend of chain) {
        const r = grid.rank[bend];
        knot(points, first, x[bend], reversed[e] ? bottom[r] : top[r]);
        knot(points, first, x[bend], reversed[e] ? top[r] : bottom[r]);
      }
      if (!reversed[e]) knot(points, first, arriving[e], top[grid.rank[to]]);
    }
    if (stub[e]) points.push(arriving[e], toEdge);
    else knot(points, first, arriving[e], toEdge);
  }
  starts[edges] = points.length / 2;
  return { points: Float64Array.from(points), starts, main };
}

/** Adds a knot; three in a line become two. @param {number[]} points @param {number} first  where this edge begins @param {number} x @param {number} y */
function knot(points, first, x, y) {
  const n = points.length;
  if (n - first >= 4 && points[n - 2] === x && points[n - 4] === x) points[n - 1] = y;
  else if (points[n - 2] !== x || points[n - 1] !== y) points.push(x, y);
}

/**
 * @param {Grid} grid @param {Extents} extents @param {Float64Array} x
 * @param {ArrayLike<number> | null} former  where nodes began before @param {Float64Array} room  least gap above each row
 */
function placeRows(grid, extents, x, former, room) {
  const rows = grid.rows.length;
  const top = new Float64Array(rows);
  const bottom = new Float64Array(rows);
  const main = new Float64Array(grid.real);
  let formerBottom = NaN;
  for (let r = 0; r < rows; r++) {
    const nodes = grid.rows[r].filter((v) => v < grid.real);
    let before = 0;
    let after = 0;
    for (const v of nodes) {
      before = Math.max(before, extents.before[v]);
      after = Math.max(after, extents.main[v] + extents.after[v]);
    }
    const old = former ? nodes.map((v) => former[v]).filter((start) => !Number.isNaN(start)) : [];
    const formerTop = old.length > 0 ? Math.min(...old) - before : NaN;
    if (r > 0) top[r] = bottom[r - 1] + Math.max(room[r], gapAbove(grid, r, x, formerTop - formerBottom));
    bottom[r] = top[r] + before + after;
    formerBottom = formerTop + before + after;
    for (const v of nodes) main[v] = top[r] + before + extents.main[v] / 2;
  }
  return { main, top, bottom };
}

/** What names of edges from row to row need above each row; longer edges find room on their way. @param {Grid} grid @param {LayoutInput} input @param {Uint8Array} stub */
function roomForLabels(grid, { labels, sources, targets }, stub) {
  const room = new Float64Array(grid.rows.length);
  if (!labels) return room;
  for (let e = 0; e < stub.length; e++) {
    const [from, to] = [grid.rank[sources[e]], grid.rank[targets[e]]];
    if (!stub[e] && Math.abs(to - from) === 1) room[Math.max(from, to)] = Math.max(room[Math.max(from, to)], labels[e]);
  }
  return room;
}

/**
 * Wider where edges swing far, so that they do not run flat. After an edit the gap that was there stays.
 * @param {Grid} grid @param {number} r @param {Float64Array} x @param {number} former  NaN: the rows were not neighbours
 */
function gapAbove(grid, r, x, former) {
  if (former >= ROW_GAP && former <= ROW_GAP_MOST) return former;
  let swing = 0;
  for (const v of grid.rows[r - 1]) for (const w of grid.down[v]) swing = Math.max(swing, Math.abs(x[v] - x[w]));
  return Math.round(Math.min(ROW_GAP_MOST, Math.max(ROW_GAP, swing * SWING + 20)));
}

/** One port an output, in the order of where they lead; all edges of an output leave from it. @param {Grid} grid @param {LayoutInput} input @param {Uint8Array} stub @param {Extents} extents @param {Float64Array} x */
function leavingPorts(grid, input, stub, extents, x) {
  /** @type {Map<number, {sum: number, count: number}>[]} where each port's edges go first */
  const used = Array.from({ length: grid.real }, () => new Map());
  for (let e = 0; e < stub.length; e++) {
    if (stub[e]) continue;
    const ports = used[input.sources[e]];
    const to = ports.get(input.ports[e]) ?? { sum: 0, count: 0 };
    to.sum += x[grid.chains[e][0] ?? input.targets[e]];
    to.count++;
    ports.set(input.ports[e], to);
  }
  const ordered = used.map((ports) =>
    ports.size < 2 ? [...ports.keys()] : [...ports].sort(([p, a], [q, b]) => a.sum / a.count - b.sum / b.count || p - q).map(([port]) => port),
  );
  return Float64Array.from(stub, (isStub, e) => {
    const v = input.sources[e];
    if (isStub) return x[v];
    const ports = ordered[v];
    const gap = portGap(ports.length, extents.cross[v]);
    return x[v] + (ports.indexOf(input.ports[e]) - (ports.length - 1) / 2) * gap;
  });
}

/** Arriving edges side by side in the order they come from; one that comes straight down stays straight. @param {Grid} grid @param {LayoutInput} input @param {Uint8Array} stub @param {Uint8Array} reversed @param {Extents} extents @param {Float64Array} x */
function arrivingPorts(grid, input, stub, reversed, extents, x) {
  /** @type {{e: number, from: number}[][]} */
  const into = Array.from({ length: grid.real }, () => []);
  const arriving = new Float64Array(stub.length);
  for (let e = 0; e < stub.length; e++) {
    const to = input.targets[e];
    arriving[e] = x[to];
    const chain = grid.chains[e];
    const last = chain.length === 0 ? input.sources[e] : reversed[e] ? chain[0] : chain[chain.length - 1];
    if (!stub[e]) into[to].push({ e, from: x[last] });
  }
  into.forEach((list, v) => {
    if (list.length < 2) return;
    list.sort((a, b) => a.from - b.from || a.e - b.e);
    const gap = portGap(list.length, extents.cross[v]);
    const straight = list.findIndex(({ from }) => Math.abs(from - x[v]) < 1);
    const middle = straight === -1 ? (list.length - 1) / 2 : straight;
    list.forEach(({ e }, i) => {
      arriving[e] = x[v] + (i - middle) * gap;
    });
    const over = arriving[list[list.length - 1].e] - (x[v] + extents.cross[v] / 2 - CORNER);
    const under = x[v] - extents.cross[v] / 2 + CORNER - arriving[list[0].e];
    const shift = over > 0 ? -over : under > 0 ? under : 0;
    if (shift !== 0) for (const { e } of list) arriving[e] += shift;
  });
  return arriving;
}

/** @param {number} count @param {number} extent */
function portGap(count, extent) {
  return Math.min(PORT_GAP, (extent - 2 * CORNER) / Math.max(1, count - 1));
}
