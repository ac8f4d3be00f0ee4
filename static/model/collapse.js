/** Collapsing the groups that a layer is in, and opening them again. */

import { groupTitle, groupsWith, suggestGroups } from './name-groups.js';

/** @typedef {import('./graph-model.js').GraphModel} GraphModel */

/** @type {WeakMap<import('./types.js').Graph, ReturnType<typeof suggestGroups>>} */
const known = new WeakMap();

/** The groups that the net's names suggest, worked out once a graph. @param {GraphModel} model */
export function suggestions({ graph }) {
  let found = known.get(graph);
  if (!found) known.set(graph, (found = suggestGroups(graph)));
  return found;
}

/** The collapsed group that a layer is drawn in. @param {GraphModel} model @param {string} key @returns {string | null} its pattern */
export function collapsedAround(model, key) {
  const card = model.cards.cards[model.cards.cardOf.get(key) ?? -1];
  return card?.kind === 'group' ? card.id : null;
}

/** Groups that a layer could be collapsed into, the innermost first. @param {GraphModel} model @param {string} key @returns {{pattern: string, title: string, size: number}[]} */
export function collapsible(model, key) {
  const name = model.layer(key)?.name;
  if (name === undefined) return [];
  const groups = suggestions(model);
  return groupsWith(groups, name).flatMap((pattern) => {
    const group = groups.find((one) => one.pattern === pattern);
    return group && !model.settings.collapsed.has(pattern) ? [{ pattern, title: groupTitle(pattern, group.first), size: group.size }] : [];
  });
}

/** @param {GraphModel} model @param {string} pattern @param {boolean} collapsed */
export function setCollapsed(model, pattern, collapsed) {
  const next = new Set(model.settings.collapsed);
  if (collapsed) next.add(pattern);
  else next.delete(pattern);
  model.setView({ collapsed: next });
}

/** Opens the group that a layer is drawn in, else collapses the innermost that it is in. @param {GraphModel} model @param {string} key @returns {boolean} whether there was one */
export function toggleGroup(model, key) {
  const around = collapsedAround(model, key);
  const [inner] = collapsible(model, key);
  if (around === null && !inner) return false;
  setCollapsed(model, around ?? inner.pattern, around === null);
  return true;
}
