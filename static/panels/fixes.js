/** Fixes that belong together. Pure functions. */

/** @import {Diagnostic, Fix} from "../model/types.js" */

import { messages } from '../messages.js';

const t = messages.problems;

/**
 * The fixes that several problems of one code offer alike, by what they do; each different one once.
 * @param {readonly Diagnostic[]} problems
 * @returns {{title: string, fixes: Fix[]}[]}
 */
export function fixKinds(problems) {
  /** @type {Map<string, {title: string, fixes: Map<string, Fix>}>} */
  const kinds = new Map();
  for (const { code, fixes } of problems) {
    for (const fix of fixes) {
      const does = [...new Set(fix.operations.map((operation) => operation.op))];
      const title = t.fixKinds[/** @type {keyof typeof t.fixKinds} */ (does.join(' '))];
      if (!title) continue;
      const id = `${code} ${title}`;
      const kind = kinds.get(id) ?? { title, fixes: new Map() };
      kind.fixes.set(JSON.stringify(fix.operations), fix);
      kinds.set(id, kind);
    }
  }
  return [...kinds.values()]
    .filter((kind) => kind.fixes.size > 1)
    .map(({ title, fixes }) => ({ title, fixes: [...fixes.values()] }));
}

/** Weight and bias of one layer come with the same fixes: they are offered once. @param {readonly Diagnostic[]} problems @returns {Diagnostic[]} */
export function fixesOnce(problems) {
  const offered = new Set();
  return problems.map((problem) => {
    const fixes = problem.fixes.filter((fix) => !offered.has(JSON.stringify(fix)));
    for (const fix of fixes) offered.add(JSON.stringify(fix));
    return { ...problem, fixes };
  });
}
