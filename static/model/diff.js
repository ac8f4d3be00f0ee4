/** A unified diff as rows to be shown: numbered lines, what was left out between them, and which words changed. Pure. */

/**
 * @typedef {object} DiffRow
 * @property {'same' | 'added' | 'removed' | 'gap' | 'note'} kind  gap: lines that both have and the diff leaves out
 * @property {string} text  without the sign
 * @property {number | null} old  1-based line in the old text
 * @property {number | null} now  1-based line in the new text; of a gap, that of the first line after it
 * @property {readonly (readonly [number, number])[]} words  from and to, the characters that changed in a line that has a partner
 */

const HUNK = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/;
const WORD = /\w+|\s+|[^\w\s]/g;
/** Longer lines are compared as a whole: nobody reads their words, and the comparison is quadratic. */
const MOST_WORDS = 200;

/** @param {string} diff @returns {DiffRow[]} */
export function diffRows(diff) {
  /** @type {DiffRow[]} */
  const rows = [];
  let old = 0;
  let now = 0;
  let began = false;
  for (const line of diff ? diff.split('\n') : []) {
    const hunk = HUNK.exec(line);
    if (hunk) {
      const skippedTo = Number(hunk[3]) + (hunk[4] === '0' ? 1 : 0);
      // a hunk of no lines stands after the line that it names
      old = Number(hunk[1]) + (hunk[2] === '0' ? 1 : 0);
      if (skippedTo > (began ? now : 1)) rows.push({ kind: 'gap', text: '', old: skippedTo - (began ? now : 1), now: skippedTo, words: [] });
      now = skippedTo;
      began = true;
    } else if (!began) continue; // the names of the two files
    else if (line[0] === '+') rows.push({ kind: 'added', text: line.slice(1), old: null, now: now++, words: [] });
    else if (line[0] === '-') rows.push({ kind: 'removed', text: line.slice(1), old: old++, now: null, words: [] });
    else if (line[0] === '\\') rows.push({ kind: 'note', text: line.slice(2), old: null, now: null, words: [] });
    else rows.push({ kind: 'same', text: line.slice(1), old: old++, now: now++, words: [] });
  }
  markWords(rows);
  return rows;
}

/** @param {readonly DiffRow[]} rows @param {'added' | 'removed'} kind */
export const countOf = (rows, kind) => rows.filter((row) => row.kind === kind).length;

/** Rows at which a run of changes begins. @param {readonly DiffRow[]} rows @returns {number[]} */
export function changesOf(rows) {
  const changed = (/** @type {DiffRow | undefined} */ row) => row?.kind === 'added' || row?.kind === 'removed';
  return rows.flatMap((row, at) => (changed(row) && !changed(rows[at - 1]) ? [at] : []));
}

/** Lines that were taken out and as many that came in their place are compared word by word. @param {DiffRow[]} rows */
function markWords(rows) {
  for (let at = 0; at < rows.length; at++) {
    if (rows[at].kind !== 'removed') continue;
    let middle = at;
    while (rows[middle]?.kind === 'removed') middle++;
    let end = middle;
    while (rows[end]?.kind === 'added') end++;
    if (end - middle === middle - at) for (let i = 0; i < middle - at; i++) pair(rows[at + i], rows[middle + i]);
    at = end - 1;
  }
}

/** @param {DiffRow} removed @param {DiffRow} added */
function pair(removed, added) {
  const left = removed.text.match(WORD) ?? [];
  const right = added.text.match(WORD) ?? [];
  if (left.length > MOST_WORDS || right.length > MOST_WORDS) return;
  const field = (/** @type {readonly string[]} */ words) => words.find((word) => word.trim());
  if (field(left) !== field(right)) return; // replaced, not changed
  const common = commonWords(left, right);
  removed.words = without(left, new Set(common.map(([i]) => i)));
  added.words = without(right, new Set(common.map(([, j]) => j)));
}

/** The longest row of words that both have in this order. @param {readonly string[]} left @param {readonly string[]} right @returns {[number, number][]} */
function commonWords(left, right) {
  const width = right.length + 1;
  const best = new Uint16Array((left.length + 1) * width);
  for (let i = left.length - 1; i >= 0; i--) {
    for (let j = right.length - 1; j >= 0; j--) {
      best[i * width + j] =
        left[i] === right[j] ? best[(i + 1) * width + j + 1] + 1 : Math.max(best[(i + 1) * width + j], best[i * width + j + 1]);
    }
  }
  /** @type {[number, number][]} */
  const common = [];
  for (let i = 0, j = 0; i < left.length && j < right.length; ) {
    if (left[i] === right[j]) common.push([i++, j++]);
    else if (best[(i + 1) * width + j] >= best[i * width + j + 1]) i++;
    else j++;
  }
  return common;
}

/** Where the words stand that are not in the set, neighbours as one. @param {readonly string[]} words @param {ReadonlySet<number>} set @returns {[number, number][]} */
function without(words, set) {
  /** @type {[number, number][]} */
  const spans = [];
  let at = 0;
  words.forEach((word, i) => {
    const last = spans.at(-1);
    if (!set.has(i)) {
      if (last?.[1] === at) last[1] += word.length;
      else spans.push([at, at + word.length]);
    }
    at += word.length;
  });
  return spans;
}
