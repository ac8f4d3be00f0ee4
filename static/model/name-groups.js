/** Groups of layers by name: `inception_3a/` (a path prefix) and `*_a` (a copy's suffix). */

/** @typedef {import('./types.js').Graph} Graph */

/**
 * Keys of the layers that a group's pattern names. `prefix/` names all layers below it, `*_a` all that end so.
 * @param {Graph} graph @param {string} pattern
 * @returns {string[]}
 */
export function groupMembers(graph, pattern) {
  const matches = pattern.startsWith('*')
    ? (/** @type {string} */ name) => name.endsWith(pattern.slice(1))
    : (/** @type {string} */ name) => name.startsWith(pattern);
  return graph.layers.filter((layer) => matches(layer.name)).map((layer) => layer.key);
}

/**
 * The groups that a net's names suggest, with their sizes, in file order: those of at least two layers.
 * @param {Graph} graph
 * @returns {{pattern: string, size: number}[]}
 */
export function suggestGroups(graph) {
  /** @type {Map<string, number>} */
  const sizes = new Map();
  for (const { name } of graph.layers) {
    const slash = name.indexOf('/');
    if (slash > 0) bump(sizes, name.slice(0, slash + 1));
    const suffix = /_(?:[a-z]|p|copy\d*|\d)$/.exec(name);
    if (suffix && suffix.index > 0) bump(sizes, `*${suffix[0]}`);
  }
  return [...sizes].filter(([, size]) => size >= 2).map(([pattern, size]) => ({ pattern, size }));
}

/** @param {Map<string, number>} sizes @param {string} pattern */
function bump(sizes, pattern) {
  sizes.set(pattern, (sizes.get(pattern) ?? 0) + 1);
}
