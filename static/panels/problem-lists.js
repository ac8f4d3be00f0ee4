/** The list of problems in parts: by severity, by phase, by what is sought. Pure functions. */

/** @import {Diagnostic, Severity} from "../model/types.js" */

/** @typedef {'' | 'TRAIN' | 'TEST'} OnlyIn  '' where both phases have it, or where phases are not the point */

export const SEVERITIES = /** @type {const} */ (['error', 'warning', 'info']);
const PHASES = /** @type {const} */ (['', 'TRAIN', 'TEST']);

/** @param {readonly Diagnostic[]} diagnostics @returns {Record<Severity, number>} */
export function severityCounts(diagnostics) {
  const counts = { error: 0, warning: 0, info: 0 };
  for (const { severity } of diagnostics) counts[severity] += 1;
  return counts;
}

/** @param {Diagnostic} problem @returns {OnlyIn} the phase that alone has it */
export function onlyIn({ states }) {
  const phases = new Set(states.map((state) => state.split(' ')[0]));
  return phases.size === 1 ? /** @type {OnlyIn} */ ([...phases][0]) : '';
}

/** @param {readonly Diagnostic[]} problems @returns {{phase: OnlyIn, problems: Diagnostic[]}[]} those of both phases first; no empty part */
export function byPhase(problems) {
  return PHASES.map((phase) => ({ phase, problems: problems.filter((problem) => onlyIn(problem) === phase) })).filter((part) => part.problems.length > 0);
}

/**
 * @param {readonly Diagnostic[]} problems @param {string} words  all of them stand somewhere in it, in any order @param {OnlyIn} phase  what this phase has
 * @returns {Diagnostic[]}
 */
export function sought(problems, words, phase) {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  return problems.filter((problem) => {
    const only = onlyIn(problem);
    if (phase && only && only !== phase) return false;
    if (!wanted.length) return true;
    const { code, message, caffe_message: caffe, layer, blob, file } = problem;
    const said = [code, message, caffe, layer, blob, file].join('\n').toLowerCase();
    return wanted.every((word) => said.includes(word));
  });
}
