/** Share groups, taken together and parted. */

/** @import {Session} from "../api/session.js" */
/** @import {ShareGroup} from "../model/types.js" */
/** @import {Ask} from "./wiring.js" */

import { messages } from '../messages.js';

const t = messages.shares;

/**
 * @param {readonly ShareGroup[]} groups @param {string} words  all of them stand in its name or its layers' @param {{has(key: string): boolean} | null} selection  it has a member in it; null: wherever
 * @returns {ShareGroup[]}
 */
export function groupsSought(groups, words, selection) {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  return groups.filter(({ name, members }) => {
    if (selection && !members.some(({ layer }) => selection.has(layer))) return false;
    const said = wanted.length ? [name, ...members.map(({ layer }) => layer)].join('\n').toLowerCase() : '';
    return wanted.every((word) => said.includes(word));
  });
}

/** Groups that could be one with this one: of the same shape, in other layers. @param {Session} session @param {ShareGroup} group @returns {ShareGroup[]} */
export function mergeable({ graph }, group) {
  const layers = new Set(group.members.map(({ layer }) => layer));
  return graph.groups.filter(
    (other) => other !== group && String(other.shape) === String(group.shape) && !other.members.some(({ layer }) => layers.has(layer)),
  );
}

/** Makes two groups one, under this one's name and rate. @param {Session} session @param {Ask} ask @param {ShareGroup} group */
export async function mergeShares(session, ask, group) {
  const choices = mergeable(session, group).map(({ name, members }) => ({ value: name, hint: members.map(({ layer }) => layer).join(', ') }));
  const answer = await ask({ title: t.mergeTitle(group.name), label: t.mergeLabel, action: t.mergeAction, choices });
  const other = session.graph.groups.find(({ name }) => name === answer?.value);
  if (!other) return;
  const { name, lr, decay } = group;
  await session.run([
    { op: 'share', members: [...group.members, ...other.members], name },
    { op: 'one_rate', name, lr_mult: lr, decay_mult: decay },
  ]);
}

/**
 * Blobs leave their groups, and it is said what that means for what they learn and start from.
 * @param {Session} session @param {{layer: string, blob: number | null}[]} leaving @param {string} [dissolved] the group that is none any more
 */
export async function unshare(session, leaving, dissolved) {
  const result = await session.run(leaving.map(({ layer, blob }) => ({ op: 'unshare', layer, blob })));
  if (!result) return;
  const layers = [...new Set(leaving.map(({ layer }) => layer))];
  const action = { label: messages.topbar.undo, run: () => void session.step('undo') };
  const title = dissolved === undefined ? t.unshared(layers) : t.dissolved(dissolved);
  session.notices.add({ kind: 'ok', title, detail: t.apart(session.info?.weights != null), action });
}

/** Every layer of a group gets values of its own. @param {Session} session @param {ShareGroup} group */
export function dissolveShares(session, { name, members, owner }) {
  return unshare(session, members.filter(({ layer }) => layer !== owner), name);
}

/** The selected members of a group of more than two, where they are not all: of two, one unshares. @param {Session} session @param {ShareGroup} group */
export function partable({ selection }, { members }) {
  const chosen = members.filter(({ layer }) => selection.has(layer));
  return members.length > 2 && chosen.length > 0 && chosen.length < members.length ? chosen : [];
}

/** The selected members leave the group and share among themselves. @param {Session} session @param {ShareGroup} group */
export async function partShares(session, group) {
  const members = partable(session, group).map(({ layer, blob }) => ({ layer, blob }));
  if (!members.length) return;
  /** @type {import("../model/types.js").Operation[]} */
  const leave = members.map(({ layer, blob }) => ({ op: 'unshare', layer, blob }));
  await session.run(members.length > 1 ? [...leave, { op: 'share', members }] : leave);
}
