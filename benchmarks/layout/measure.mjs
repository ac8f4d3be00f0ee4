/** What makes a drawn graph easy or hard to read, measured on polylines: the same for every engine. */

import RBush from '../../static/vendor/rbush.js';

/**
 * @typedef {{x: number, y: number, width: number, height: number}} Rect
 * @typedef {{source: number, target: number, points: number[]}} Line  x, y, x, y, ...
 */

/** @param {Rect[]} nodes @param {Line[]} lines */
export function measure(nodes, lines) {
  const segments = lines.flatMap(({ points }, line) =>
    Array.from({ length: points.length / 2 - 1 }, (_, k) => {
      const [ax, ay, bx, by] = points.slice(2 * k, 2 * k + 4);
      return { line, ax, ay, bx, by, minX: Math.min(ax, bx), maxX: Math.max(ax, bx), minY: Math.min(ay, by), maxY: Math.max(ay, by) };
    }),
  );
  const index = new RBush();
  index.load(segments);
  let crossings = 0;
  for (const a of segments) {
    for (const b of index.search(a)) if (b.line > a.line && cross(a, b) && !joined(lines, a, b)) crossings++;
  }
  let through = 0;
  for (const [i, { x, y, width, height }] of nodes.entries()) {
    const inner = { minX: x + 2, minY: y + 2, maxX: x + width - 2, maxY: y + height - 2 };
    const hit = new Set();
    for (const segment of index.search(inner)) {
      const { source, target } = lines[segment.line];
      if (source !== i && target !== i && enters(segment, inner)) hit.add(segment.line);
    }
    through += hit.size;
  }
  const length = segments.reduce((sum, { ax, ay, bx, by }) => sum + Math.hypot(bx - ax, by - ay), 0);
  const [left, top] = [Math.min(...nodes.map((n) => n.x)), Math.min(...nodes.map((n) => n.y))];
  const [right, bottom] = [Math.max(...nodes.map((n) => n.x + n.width)), Math.max(...nodes.map((n) => n.y + n.height))];
  return { crossings, through, length, width: right - left, height: bottom - top, bends: lines.reduce((sum, { points }) => sum + bends(points), 0) };
}

/** Two edges of one node that part or meet right at it do not cross. */
function joined(lines, a, b) {
  const [p, q] = [lines[a.line], lines[b.line]];
  const ends = (line) => [[line.points[0], line.points[1]], line.points.slice(-2)];
  const near = (at, [x, y]) => Math.hypot(at[0] - x, at[1] - y) < 6;
  const at = meeting(a, b);
  return (p.source === q.source && near(at, ends(p)[0])) || (p.target === q.target && near(at, ends(p)[1]));
}

function side(ax, ay, bx, by, x, y) {
  return Math.sign((bx - ax) * (y - ay) - (by - ay) * (x - ax));
}

function cross(a, b) {
  const p = side(a.ax, a.ay, a.bx, a.by, b.ax, b.ay) * side(a.ax, a.ay, a.bx, a.by, b.bx, b.by);
  const q = side(b.ax, b.ay, b.bx, b.by, a.ax, a.ay) * side(b.ax, b.ay, b.bx, b.by, a.bx, a.by);
  return p < 0 && q < 0;
}

function meeting(a, b) {
  const [rx, ry, sx, sy] = [a.bx - a.ax, a.by - a.ay, b.bx - b.ax, b.by - b.ay];
  const t = ((b.ax - a.ax) * sy - (b.ay - a.ay) * sx) / (rx * sy - ry * sx);
  return [a.ax + t * rx, a.ay + t * ry];
}

/** Whether a segment has a part inside a box (Liang and Barsky). */
function enters({ ax, ay, bx, by }, { minX, minY, maxX, maxY }) {
  let [low, high] = [0, 1];
  const clips = [[ax - bx, ax - minX], [bx - ax, maxX - ax], [ay - by, ay - minY], [by - ay, maxY - ay]];
  for (const [p, q] of clips) {
    if (p === 0 && q < 0) return false;
    if (p < 0) low = Math.max(low, q / p);
    if (p > 0) high = Math.min(high, q / p);
  }
  return low < high;
}

/** How often a line turns: an S is one, wherever it is sampled; a turn by less than 2 degrees is none. */
function bends(points) {
  let count = 0;
  let way = 0;
  for (let i = 4; i < points.length; i += 2) {
    const a = Math.atan2(points[i - 1] - points[i - 3], points[i - 2] - points[i - 4]);
    const b = Math.atan2(points[i + 1] - points[i - 1], points[i] - points[i - 2]);
    const turn = Math.atan2(Math.sin(b - a), Math.cos(b - a));
    const now = Math.abs(turn) < 0.035 ? 0 : Math.sign(turn);
    if (now !== 0 && now !== way) count++;
    way = now;
  }
  return count;
}
