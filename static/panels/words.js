/** Shapes, numbers and Caffe's words as the panels write them. Pure functions. */

import { text } from '../messages/text.js';

/** @param {number[] | null | undefined} shape @returns {string} "20×1×5×5"; "?" where nobody knows */
export function shapeText(shape) {
  if (!shape) return '?';
  return shape.length ? shape.join('×') : 'scalar';
}

/** @param {number} value @returns {string} as short as it can be: 0.001, 1e-5, 10 */
export function numberText(value) {
  const exact = Number(value.toPrecision(6));
  return String(exact);
}

/** Kept: to make one takes a millisecond. */
const THOUSANDS = new Intl.NumberFormat('en');

/** @param {number} count @returns {string} with thin thousands: 1 234 567 */
export function countText(count) {
  return THOUSANDS.format(count).replaceAll(',', '\u2009');
}

/** @param {number} bytes */
export function sizeText(bytes) {
  if (bytes < 1000) return `${bytes} B`;
  const units = ['kB', 'MB', 'GB'];
  let value = bytes / 1000;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

/** @param {number} count @returns {string} 431k, 6.99M, 1.10T */
export function shortCount(count) {
  if (count < 10_000) return countText(count);
  const units = /** @type {const} */ (['k', 'M', 'G', 'T', 'P']);
  let power = Math.min(units.length, Math.floor(Math.log10(count) / 3));
  if (power < units.length && count / 1000 ** power >= 999.5) power += 1; // rounded up into the next unit
  return `${(count / 1000 ** power).toPrecision(3)}${units[power - 1]}`;
}

/** Caffe's words without the condition that its check printed before them. @param {string} words */
export function essence(words) {
  return words.replace(/^Check failed: (.*\(.* vs\. .*?\) +(?=\S))?/, '');
}

/** protobuf names what it met; at the end of a text that was nothing. @param {string} message */
export const metSomething = (message) => message.replace(/got: *\.?$/, text.metEnd);
