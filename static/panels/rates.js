/** Reading rates and shapes that people type. Pure functions. */

import { messages } from '../messages.js';

const LARGEST_AXIS = 2 ** 31 - 1;

/** @param {string} text @returns {number | null} null where nothing is typed: the rate is then unstated */
export function readRate(text) {
  return text.trim() === '' ? null : Number(text.trim().replace(',', '.'));
}

/** @param {string} text @returns {string | null} what is wrong with it */
export function rateProblem(text) {
  const value = readRate(text);
  if (value === null) return null;
  if (!Number.isFinite(value)) return messages.params.notANumber;
  if (Math.abs(value) > 3.4e38) return messages.params.tooLarge;
  return null;
}

/**
 * The multiplier that makes a rate effective. Pure.
 * @param {string} text @param {number} base the solver's rate @returns {number | null} null where there is none
 */
export function multiplierFor(text, base) {
  const value = readRate(text);
  if (value === null || rateProblem(text) || base === 0) return null;
  return Number((value / base).toPrecision(6));
}

/** @param {string[]} texts @returns {[number, number, number] | null} channels, height, width; null where they are none */
export function readShape(texts) {
  const axes = texts.map((text) => (/^\s*\d+\s*$/.test(text) ? Number(text) : 0));
  const [channels = 0, height = 0, width = 0] = axes;
  return axes.length === 3 && axes.every((axis) => axis > 0 && axis <= LARGEST_AXIS) ? [channels, height, width] : null;
}
