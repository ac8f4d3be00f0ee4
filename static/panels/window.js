/** Which rows of a long list with rows of one height are to be drawn, so that 10,000 cost as much as 40. */

const SPARE = 8;

/**
 * @param {number} scrollTop px @param {number} height px of the view @param {number} row px a row @param {number} count rows in all
 * @returns {{first: number, last: number, before: number, after: number}} rows first..last-1, and the px of empty space around
 */
export function visibleRows(scrollTop, height, row, count) {
  const first = Math.max(0, Math.min(count, Math.floor(scrollTop / row)) - SPARE);
  const last = Math.min(count, Math.ceil((scrollTop + (height || 600)) / row) + SPARE);
  return { first, last, before: first * row, after: Math.max(0, count - last) * row };
}

/** @param {HTMLElement} scroller @param {number} index @param {number} row px a row */
export function scrollToRow(scroller, index, row) {
  const top = index * row;
  if (top < scroller.scrollTop) scroller.scrollTop = Math.max(0, top - row);
  else if (top + row > scroller.scrollTop + scroller.clientHeight)
    scroller.scrollTop = top - scroller.clientHeight + 2 * row;
}
