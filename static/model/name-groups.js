/**
 * Groups of layers by name: `inception_3a/` (a path prefix, which may hold others), `*_a` (a copy's suffix), and `~2a` (a unit
 * of a net whose layers are named res2a_branch1, bn2a_branch1, scale2a_branch1 ...; `~2` is all of its stage).
 */

/** @typedef {import('./types.js').Graph} Graph */

/** res2a_branch1, bn2a_branch2b: a word, the unit, and the rest after a low line. */
const UNIT = /^[A-Za-z]+(\d+)([a-z]\d*)(?=_|$)/;

/** @param {string} pattern @returns {(name: string) => boolean} */
function matcher(pattern) {
  if (pattern.startsWith('*')) return (name) => name.endsWith(pattern.slice(1));
  // A block's sum is often named after the block itself.
  if (!pattern.startsWith('~')) return (name) => name.startsWith(pattern) || `${name}/` === pattern;
  const unit = pattern.slice(1);
  return (name) => {
    const found = UNIT.exec(name);
    return found !== null && (found[1] === unit || found[1] + found[2] === unit);
  };
}

/**
 * Keys of the layers that a group's pattern names. `prefix/` names all layers below it, `*_a` all that end so.
 * @param {Graph} graph @param {string} pattern
 * @returns {string[]}
 */
export function groupMembers(graph, pattern) {
  const matches = matcher(pattern);
  return graph.layers.filter((layer) => matches(layer.name)).map((layer) => layer.key);
}

/** A group in words; `first` is the name of its first layer. @param {string} pattern @param {string} first */
export function groupTitle(pattern, first) {
  if (pattern.startsWith('*')) return `…${pattern.slice(1)}`;
  if (!pattern.startsWith('~')) return pattern.replace(/\/$/, '');
  return `${/^[A-Za-z]+/.exec(first)?.[0] ?? ''}${pattern.slice(1)}`;
}

/** Those that hold others first, so that an outer group takes its inner ones in. @param {Iterable<string>} patterns */
export function outerFirst(patterns) {
  return [...patterns].sort((a, b) => a.length - b.length);
}

/** The suggested groups that a layer is in, the innermost first. @param {readonly {pattern: string}[]} groups @param {string} name */
export function groupsWith(groups, name) {
  return groups.filter(({ pattern }) => matcher(pattern)(name)).map(({ pattern }) => pattern).sort((a, b) => b.length - a.length);
}

/**
 * The groups that a net's names suggest, with their sizes, in file order: those of at least two layers, but not all of the
 * net; a group that holds just what another does is named once.
 * @param {Graph} graph
 * @returns {{pattern: string, size: number, first: string}[]}  first: name of its first layer
 */
export function suggestGroups(graph) {
  /** @type {Map<string, {size: number, first: string}>} */
  const found = new Map();
  const add = (/** @type {string} */ pattern, /** @type {string} */ name) => {
    const group = found.get(pattern);
    if (group) group.size++;
    else found.set(pattern, { size: 1, first: name });
  };
  const twins = new Set(copies(graph).map(({ suffix }) => suffix));
  for (const { name } of graph.layers) {
    for (let slash = name.indexOf('/'); slash > 0; slash = name.indexOf('/', slash + 1)) add(name.slice(0, slash + 1), name);
    const suffix = /_[A-Za-z0-9]{1,6}$|_copy\d*$/.exec(name)?.[0];
    if (suffix && (twins.has(suffix) || /^_(?:[a-z]|copy\d*|\d)$/.test(suffix)) && name.length > suffix.length) add(`*${suffix}`, name);
    const unit = UNIT.exec(name);
    if (unit) {
      add(`~${unit[1]}`, name);
      add(`~${unit[1]}${unit[2]}`, name);
    }
  }
  for (const { name } of graph.layers) if (found.has(`${name}/`)) add(`${name}/`, name);
  const groups = [...found].map(([pattern, group]) => ({ pattern, ...group }));
  const sizes = new Set(groups.map(({ size, first }) => `${first} ${size}`));
  return groups.filter(({ pattern, size, first }) => {
    if (size < 2 || size === graph.layers.length) return false;
    if (/^~\d+$/.test(pattern) && size < 4) return false;
    const id = `${first} ${size}`;
    return sizes.delete(id); // only the first of those that begin alike and are as large
  });
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
