/** What to say when a step was refused because the net had moved on: what came between, and where both touch the same. Pure. */

/** @import {ApiProblem} from "./client.js" */
/** @import {Notice} from "./notices.js" */

import { people as t } from '../messages/people.js';
import { messages } from '../messages.js';

/**
 * @typedef {{revision: number, title: string, author?: string, undone?: boolean}} Change
 * @typedef {{kind: string, name: string, message: string}} Clash
 */

/** @param {ApiProblem} problem a 409 @param {'edit' | 'undo' | 'redo' | 'goto'} what @returns {Notice} */
export function overtaken(problem, what) {
  if (problem.code !== 'stale-revision') return { kind: 'warning', title: messages.errors.stale, detail: problem.detail || messages.errors.staleShown };
  const changes = /** @type {Change[]} */ (problem.more.changes ?? []);
  const deeds = changes.map(({ author, title, undone }) => (undone ? t.wasUndone(title) : t.didIt(author ?? '', title)));
  if (what !== 'edit') return { kind: 'warning', title: t.overtaken[what], detail: t.overtaken.detail(deeds) };
  const clashes = /** @type {Clash[]} */ (problem.more.clashes ?? []);
  const detail = clashes.length ? t.clash.detail : deeds.length ? t.overtaken.detail(deeds) : messages.errors.staleShown;
  return { kind: 'warning', title: t.clash.title, detail, places: clashes.map(({ message }) => ({ message })) };
}
