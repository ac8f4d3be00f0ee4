/** Fixes that belong together. Pure functions. */

/** @import {Diagnostic, Fix} from "../model/types.js" */

import { problems as t } from '../messages/problems.js';

/** What a fix does, by its operations; fixes of one code that do the same are of one kind. @param {Fix} fix */
function doing(fix) {
  return [...new Set(fix.operations.map((operation) => operation.op))].join(' ');
}

/** @param {string} does */
function titleOf(does) {
  return t.fixKinds[/** @type {keyof typeof t.fixKinds} */ (does)] ?? t.fixKinds.other;
}

/**
 * The fixes that several problems of one code offer alike, by what they do; each different one once.
 * @param {readonly Diagnostic[]} problems
 * @returns {{title: string, code: string, does: string, fixes: Fix[]}[]}
 */
export function fixKinds(problems) {
  /** @type {Map<string, {title: string, code: string, does: string, fixes: Map<string, Fix>}>} */
  const kinds = new Map();
  for (const { code, fixes } of problems) {
    for (const fix of fixes) {
      const does = doing(fix);
      const id = `${code} ${does}`;
      const kind = kinds.get(id) ?? { title: titleOf(does), code, does, fixes: new Map() };
      kind.fixes.set(JSON.stringify(fix.operations), fix);
      kinds.set(id, kind);
    }
  }
  return [...kinds.values()]
    .filter((kind) => kind.fixes.size > 1)
    .map(({ fixes, ...kind }) => ({ ...kind, fixes: [...fixes.values()] }));
}

/**
 * A problem's first fix together with those of its kind, as one.
 * @param {readonly Diagnostic[]} problems @param {Diagnostic} problem @returns {Fix | null} null where it has none
 */
export function fixOfKind(problems, { code, fixes: [first] }) {
  if (!first) return null;
  const kind = fixKinds(problems).find((one) => one.code === code && one.does === doing(first));
  return kind ? together(kind) : first;
}

/** @param {{title: string, fixes: Fix[]}} kind @returns {Fix} */
export function together({ title, fixes }) {
  return { title: t.fixAll(title, fixes.length), operations: fixes.flatMap((fix) => fix.operations) };
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
