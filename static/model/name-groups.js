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

/**
 * Copies of one part: suffixes (`_a`, `_b`, or only `_p` beside layers without) that at least two base names have, each
 * with its layers in file order.
 * @param {Graph} graph
 * @returns {{suffix: string, keys: string[]}[]}
 */
export function copies(graph) {
  const names = new Set(graph.layers.map((layer) => layer.name));
  /** @type {Map<string, {bases: Set<string>, keys: string[]}>} */
  const bySuffix = new Map();
  for (const { name, key } of graph.layers) {
    const suffix = /_[A-Za-z0-9]{1,6}$/.exec(name)?.[0];
    if (!suffix) continue;
    const entry = bySuffix.get(suffix) ?? { bases: new Set(), keys: [] };
    bySuffix.set(suffix, entry);
    entry.bases.add(name.slice(0, -suffix.length));
    entry.keys.push(key);
  }
  // A part hangs together: layers that only end alike (`…/relu_1x1`, `…/relu_3x3`) are no copies of anything.
  const suffixOf = (/** @type {string} */ key) => /_[A-Za-z0-9]{1,6}(?=$|~\d+$)/.exec(key)?.[0];
  const joined = new Set(graph.edges.flatMap(({ source, target }) => (suffixOf(source) === suffixOf(target) ? (suffixOf(source) ?? []) : [])));
  const entries = [...bySuffix].filter(([suffix, { bases }]) => bases.size >= 2 && joined.has(suffix));
  const twinned = entries.filter(([, { bases }]) => {
    const beside = [...bases].filter((base) => names.has(base)).length;
    const others = entries.some(([, other]) => other.bases !== bases && shared(bases, other.bases) >= 2);
    return 2 * beside >= bases.size || others;
  });
  return twinned.map(([suffix, { keys }]) => ({ suffix, keys }));
}

/** @param {Set<string>} a @param {Set<string>} b */
function shared(a, b) {
  let count = 0;
  for (const name of a) if (b.has(name)) count++;
  return count;
}

/** @param {Map<string, number>} sizes @param {string} pattern */
function bump(sizes, pattern) {
  sizes.set(pattern, (sizes.get(pattern) ?? 0) + 1);
}
