/** Reading rates that people type. Pure functions. */

import { messages } from '../messages.js';

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
