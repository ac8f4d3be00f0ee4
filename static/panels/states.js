/** The states that a net is looked at in, and what Caffe says in each. Pure functions. */

/** @import {Diagnostic, NetState} from "../model/types.js" */

/**
 * What is said about the net as it is meant: without what only holds in a phase that the file has no net for, unless one
 * looks at that very phase.
 * @param {{diagnostics: readonly Diagnostic[], state: NetState, not_meant?: 'TRAIN' | 'TEST' | null}} graph
 * @returns {Diagnostic[]}
 */
export function meant({ diagnostics, state, not_meant: phase }) {
  if (!phase || state.phase === phase) return [...diagnostics];
  return diagnostics.filter(({ states }) => !states.length || !states.every((one) => one.split(' ')[0] === phase));
}

/** The stages and levels that a file's rules name. @param {readonly NetState[]} states @returns {{stages: string[], levels: number[]}} */
export function mentioned(states) {
  const stages = new Set(states.flatMap((state) => state.stages));
  const levels = new Set(states.map((state) => state.level));
  return { stages: [...stages], levels: levels.size > 1 ? [...levels].sort((a, b) => a - b) : [] };
}

/** As the server names a state in `states` of a finding. @param {NetState} state */
export function stateLabel({ phase, level, stages }) {
  return [phase, ...[...stages].sort(), ...(level ? [`level ${level}`] : [])].join(' ');
}

/**
 * What Caffe would die of first in a state, which is named as the server names it; null when it takes the net.
 * @param {readonly Diagnostic[]} diagnostics @param {string} state
 */
export function refusalIn(diagnostics, state) {
  return (
    diagnostics.find(
      ({ severity, states, file }) => severity === 'error' && !file && (!states.length || states.includes(state)),
    ) ?? null
  );
}
