/** The text of some layers, out of the text of their net. Pure. */

/**
 * Whole lines, with the comments right above each layer, in file order.
 * @param {string} text @param {readonly {line: number, end_line: number}[]} layers
 */
export function layersText(text, layers) {
  const lines = text.split('\n');
  /** @type {[number, number][]} first and last line, from 0 */
  const spans = [];
  for (const { line, end_line } of [...layers].sort((a, b) => a.line - b.line)) {
    let first = line - 1;
    while (first > 0 && /^\s*#/.test(lines[first - 1])) first--;
    const last = spans.at(-1);
    if (last && first <= last[1]) last[1] = Math.max(last[1], end_line - 1);
    else spans.push([first, end_line - 1]);
  }
  return spans.map(([first, last]) => `${lines.slice(first, last + 1).join('\n')}\n`).join('');
}
