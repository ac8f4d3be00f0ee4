/** What others changed in a text, as few small changes, and beside what was typed here. Pure functions. */

import { walk } from './scan.js';

/** @typedef {{from: number, to: number, insert: string}} Change  places in the old text */

/** More different lines than this are taken as one change: looking for the fewest would take too long. */
const MOST_STEPS = 1500;

/**
 * The changes that make one text of another: line by line, and within a line from its first to its last difference.
 * @param {string} before @param {string} after @returns {Change[]} in order, apart from each other
 */
export function changesBetween(before, after) {
  if (before === after) return [];
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) start += 1;
  start = lineStart(before, start);
  let end = 0;
  while (end < most - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end += 1;
  // whole lines are compared: the common end begins after a line end of both
  const back = before.indexOf('\n', before.length - end);
  end = end && back >= 0 ? before.length - back - 1 : 0;
  const old = linesOf(before.slice(start, before.length - end));
  const now = linesOf(after.slice(start, after.length - end));
  /** @type {Change[]} */
  const changes = [];
  let at = start;
  let line = 0;
  for (const { from, to, with: lines } of blocks(old, now)) {
    while (line < from) at += old[line++].length;
    const begin = at;
    while (line < to) at += old[line++].length;
    changes.push(trimmed(before, { from: begin, to: at, insert: lines.join('') }));
  }
  return changes;
}

/** Where the line of a place begins. @param {string} text @param {number} at */
const lineStart = (text, at) => (at > 0 ? text.lastIndexOf('\n', at - 1) + 1 : 0);

/** @param {string} text @returns {string[]} with their line ends */
const linesOf = (text) => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

/** What a change leaves as it was is taken out of it. @param {string} text @param {Change} change @returns {Change} */
function trimmed(text, { from, to, insert }) {
  const most = Math.min(to - from, insert.length);
  let start = 0;
  while (start < most && text[from + start] === insert[start]) start += 1;
  let end = 0;
  while (end < most - start && text[to - 1 - end] === insert[insert.length - 1 - end]) end += 1;
  return { from: from + start, to: to - end, insert: insert.slice(start, insert.length - end) };
}

/**
 * Blocks of lines to be replaced, by the shortest way from one text to the other (Myers 1986).
 * @param {string[]} old @param {string[]} now @returns {{from: number, to: number, with: string[]}[]}
 */
function blocks(old, now) {
  const [n, m] = [old.length, now.length];
  const whole = [{ from: 0, to: n, with: now }];
  if (!n || !m) return whole;
  const most = Math.min(n + m, MOST_STEPS);
  /** @type {Int32Array[]} */
  const traces = [];
  const reach = new Int32Array(2 * most + 2);
  const offset = most;
  for (let d = 0; d <= most; d++) {
    traces.push(reach.slice(offset - d - (d < most ? 1 : 0), offset + d + 2));
    for (let k = -d; k <= d; k += 2) {
      let x = k === -d || (k !== d && reach[offset + k - 1] < reach[offset + k + 1]) ? reach[offset + k + 1] : reach[offset + k - 1] + 1;
      while (x < n && x - k < m && old[x] === now[x - k]) x += 1;
      reach[offset + k] = x;
      if (x >= n && x - k >= m) return joined(walkBack(traces, d, n, m, most), now);
    }
  }
  return whole;
}

/** @param {Int32Array[]} traces @param {number} d @param {number} n @param {number} m @param {number} most @returns {[number, number][]} [line of old, line of new] of each step, from the last */
function walkBack(traces, d, n, m, most) {
  /** @type {[number, number][]} */
  const steps = [];
  let [x, y] = [n, m];
  for (; d > 0; d--) {
    const trace = traces[d];
    const origin = d + (d < most ? 1 : 0);
    const k = x - y;
    const down = k === -d || (k !== d && trace[origin + k - 1] < trace[origin + k + 1]);
    const before = down ? k + 1 : k - 1;
    const px = trace[origin + before];
    const py = px - before;
    steps.push(down ? [-1 - px, py] : [px, -1 - py]);
    [x, y] = [px, py];
  }
  return steps;
}

/** Steps that touch are one block. @param {[number, number][]} steps @param {string[]} now */
function joined(steps, now) {
  /** @type {{from: number, to: number, with: string[]}[]} */
  const found = [];
  for (const [a, b] of steps.reverse()) {
    const insertion = a < 0;
    const line = insertion ? -1 - a : a;
    const last = found.at(-1);
    const block = last && last.to === line ? last : { from: line, to: line, with: /** @type {string[]} */ ([]) };
    if (block !== last) found.push(block);
    if (insertion) block.with.push(now[b]);
    else block.to = line + 1;
  }
  return found;
}

/** @param {string} text @param {readonly Change[]} changes in order */
export function applyChanges(text, changes) {
  let [result, at] = ['', 0];
  for (const { from, to, insert } of changes) {
    result += text.slice(at, from) + insert;
    at = to;
  }
  return result + text.slice(at);
}

/**
 * Brings what others changed into a text that was typed in meanwhile.
 * @param {string} base what both began with @param {string} mine @param {string} theirs
 * @param {{keepMine?: boolean}} [options] leave out what meets what was typed here
 * @returns {Change[] | null} of `mine`; null where both changed the same field of the outermost level, such as one layer
 */
export function mergeInto(base, mine, theirs, { keepMine = false } = {}) {
  const typed = changesBetween(base, mine);
  const heard = changesBetween(base, theirs);
  const around = fieldsAround(base, [...typed, ...heard]);
  const own = typed.map((change) => around(change));
  const meets = (/** @type {Change} */ change) => {
    const place = around(change);
    return own.some(({ from, to }) => from < place.to && place.from < to);
  };
  const apart = heard.filter((change) => !meets(change));
  if (apart.length < heard.length && !keepMine) return null;
  // no change lies within another's field: places move by what was typed before them
  let [shift, next] = [0, 0];
  return apart.map(({ from, to, insert }) => {
    while (next < typed.length && typed[next].from < from) {
      shift += typed[next].insert.length - (typed[next].to - typed[next].from);
      next += 1;
    }
    return { from: from + shift, to: to + shift, insert };
  });
}

/**
 * For a change, what of the outermost level it touches: the field with its brackets, or the lines between fields.
 * @param {string} text @param {readonly Change[]} changes @returns {(change: Change) => {from: number, to: number}}
 */
function fieldsAround(text, changes) {
  const last = Math.max(0, ...changes.map(({ to }) => to));
  /** @type {{from: number, to: number}[]} the messages of the outermost level, from the line that begins them */
  const fields = [];
  let depth = 0;
  let from = 0;
  walk(text, 0, text.length, (char, at) => {
    if (char === '{' || char === '<') {
      if (depth === 0) from = lineStart(text, at);
      depth += 1;
    } else if ((char === '}' || char === '>') && depth > 0) {
      depth -= 1;
      if (depth === 0) fields.push({ from, to: at + 1 });
      return depth === 0 && at > last;
    }
    return false;
  });
  return (change) => {
    const line = { from: lineStart(text, change.from), to: change.to };
    // what is put in between two fields touches neither, but whatever else is put there
    const touched = { from: change.from === change.to && change.from === line.from ? change.from : line.from, to: Math.max(change.to, change.from + 1) };
    for (const field of fields) {
      if (field.to <= touched.from || field.from >= touched.to) continue;
      if (change.from === change.to && (change.from === field.from || change.from >= field.to)) continue;
      touched.from = Math.min(touched.from, field.from);
      touched.to = Math.max(touched.to, field.to);
    }
    return touched;
  };
}
