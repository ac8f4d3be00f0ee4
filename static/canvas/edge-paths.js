/** The curves of edges: straight within rows, an S along the flow between them. */

/** @typedef {import('../layout/types.js').LayoutResult} LayoutResult */
/** @typedef {{moveTo(x: number, y: number): void, lineTo(x: number, y: number): void, bezierCurveTo(a: number, b: number, c: number, d: number, x: number, y: number): void}} PathSink */

/** Where things are drawn while they move: offsets from their places, or null at rest. @typedef {{dx: Float64Array, dy: Float64Array} | null} Drift */

/**
 * @param {PathSink} sink @param {LayoutResult} layout @param {number} e @param {boolean} down
 * @param {Drift} drift @param {number} source @param {number} target  cards, for the drift
 */
export function traceEdge(sink, layout, e, down, drift, source, target) {
  const { points, starts } = layout;
  const first = starts[e];
  const last = starts[e + 1] - 1;
  if (!drift) {
    let x = points[2 * first];
    let y = points[2 * first + 1];
    sink.moveTo(x, y);
    for (let k = first + 1; k <= last; k++) {
      const nx = points[2 * k];
      const ny = points[2 * k + 1];
      swing(sink, x, y, nx, ny, down);
      x = nx;
      y = ny;
    }
    return;
  }
  let px = 0;
  let py = 0;
  for (let k = first; k <= last; k++) {
    const t = (k - first) / Math.max(1, last - first);
    const x = points[2 * k] + drift.dx[source] * (1 - t) + drift.dx[target] * t;
    const y = points[2 * k + 1] + drift.dy[source] * (1 - t) + drift.dy[target] * t;
    if (k === first) sink.moveTo(x, y);
    else swing(sink, px, py, x, y, down);
    px = x;
    py = y;
  }
}

/** @param {PathSink} sink @param {number} x @param {number} y @param {number} nx @param {number} ny @param {boolean} down */
export function swing(sink, x, y, nx, ny, down) {
  if (down) {
    if (Math.abs(x - nx) < 0.5 && ny >= y) sink.lineTo(nx, ny);
    else {
      const c = reachOf(ny - y, nx - x);
      sink.bezierCurveTo(x, y + c, nx, ny - c, nx, ny);
    }
  } else if (Math.abs(y - ny) < 0.5) sink.lineTo(nx, ny);
  else {
    const c = reachOf(nx - x, ny - y);
    sink.bezierCurveTo(x + c, y, nx - c, ny, nx, ny);
  }
}

/** How far a curve goes on straight: where it must turn back (a card was moved up), far enough to be seen. @param {number} along @param {number} across */
function reachOf(along, across) {
  return along >= 24 ? along * 0.52 : Math.min(96, 28 + Math.abs(across) * 0.15 - along * 0.3);
}

/** Straight lines through the knots: enough from afar. @param {PathSink} sink @param {LayoutResult} layout @param {number} e */
export function traceFar(sink, layout, e) {
  const { points, starts } = layout;
  sink.moveTo(points[2 * starts[e]], points[2 * starts[e] + 1]);
  for (let k = starts[e] + 1; k < starts[e + 1]; k++) sink.lineTo(points[2 * k], points[2 * k + 1]);
}

/** A sink that collects points along the curve, for hit tests. */
export class Sampler {
  /** @type {number[]} */
  points = [];
  #x = 0;
  #y = 0;

  /** @param {number} x @param {number} y */
  moveTo(x, y) {
    this.points.push(x, y);
    this.#x = x;
    this.#y = y;
  }

  /** @param {number} x @param {number} y */
  lineTo(x, y) {
    this.moveTo(x, y);
  }

  /** @param {number} ax @param {number} ay @param {number} bx @param {number} by @param {number} x @param {number} y */
  bezierCurveTo(ax, ay, bx, by, x, y) {
    const [sx, sy] = [this.#x, this.#y];
    for (let i = 1; i <= 10; i++) {
      const t = i / 10;
      const s = 1 - t;
      const [p, q, r, w] = [s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t];
      this.points.push(p * sx + q * ax + r * bx + w * x, p * sy + q * ay + r * by + w * y);
    }
    this.#x = x;
    this.#y = y;
  }

  /** @param {number} px @param {number} py */
  distance(px, py) {
    let least = Infinity;
    for (let i = 2; i < this.points.length; i += 2) {
      const [ax, ay, bx, by] = this.points.slice(i - 2, i + 2);
      const length = (bx - ax) ** 2 + (by - ay) ** 2;
      const t = length === 0 ? 0 : Math.max(0, Math.min(1, ((px - ax) * (bx - ax) + (py - ay) * (by - ay)) / length));
      least = Math.min(least, Math.hypot(px - ax - t * (bx - ax), py - ay - t * (by - ay)));
    }
    return least;
  }
}

/**
 * The way of a long edge when it is drawn whole: along the nearest lane that is free of cards between its ends.
 * @param {readonly {lo: number, hi: number}[]} taken  extents of the cards between, across the flow
 * @param {number} from @param {number} to  where it leaves and arrives, across the flow
 */
export function freeLane(taken, from, to) {
  const wish = (from + to) / 2;
  const margin = 18;
  const spans = taken.map(({ lo, hi }) => ({ lo: lo - margin, hi: hi + margin })).sort((a, b) => a.lo - b.lo);
  let best = wish;
  let least = Infinity;
  const offer = (/** @type {number} */ lane) => {
    if (Math.abs(lane - wish) < least) {
      least = Math.abs(lane - wish);
      best = lane;
    }
  };
  let reached = -Infinity;
  for (const { lo, hi } of spans) {
    if (lo >= reached) offer(Math.max(reached, Math.min(lo, wish)));
    reached = Math.max(reached, hi);
  }
  offer(Math.max(reached, wish));
  return best;
}
