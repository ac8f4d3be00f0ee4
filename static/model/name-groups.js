/**
 * Groups of layers by name: `inception_3a/` (a path prefix, which may hold others), `*_a` (a copy's suffix), and `~2a` (a unit
 * of a net whose layers are named res2a_branch1, bn2a_branch1, scale2a_branch1 ...; `~2` is all of its stage).
 */

/** @typedef {import('./types.js').Graph} Graph */

/** res2a_branch1, bn2a_branch2b: a word, the unit, and the rest after a low line. */
const UNIT = /^[A-Za-z]+(\d+)([a-z]\d*)(?=_|$)/;

/** What ends a copy's names: `_a`, `_train2`, `_copy12`. */
const SUFFIX = /_[A-Za-z0-9]{1,12}$/;
/** A copy in several pieces has at least so many layers in each, on average. */
const LEAST_PIECE = 5;

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
  const parts = suffixed(graph);
  const twins = new Set(copies(graph).map(({ suffix }) => suffix));
  for (const { name } of graph.layers) {
    for (let slash = name.indexOf('/'); slash > 0; slash = name.indexOf('/', slash + 1)) add(name.slice(0, slash + 1), name);
    const suffix = SUFFIX.exec(name)?.[0];
    if (suffix && parts.has(suffix) && (twins.has(suffix) || /^_(?:[a-z]|copy\d*|\d)$/.test(suffix))) add(`*${suffix}`, name);
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

/** @type {WeakMap<Graph, {suffix: string, keys: string[]}[]>} */
const known = new WeakMap();

/** Copies of one part, worked out once a graph. @param {Graph} graph */
export function copies(graph) {
  let found = known.get(graph);
  if (!found) known.set(graph, (found = findCopies(graph)));
  return found;
}

/**
 * Copies of one part: suffixes (`_a`, `_b`, or only `_p` beside layers without) that at least two base names have, each
 * with its layers in file order.
 * @param {Graph} graph
 * @returns {{suffix: string, keys: string[]}[]}
 */
function findCopies(graph) {
  const names = new Set(graph.layers.map((layer) => layer.name));
  const entries = [...suffixed(graph)].filter(([, { bases }]) => bases.size >= 2);
  const twinned = entries.filter(([, { bases }]) => {
    const beside = [...bases].filter((base) => names.has(base)).length;
    const others = entries.some(([, other]) => other.bases !== bases && shared(bases, other.bases) >= 2);
    return 2 * beside >= bases.size || others;
  });
  return twinned.map(([suffix, { keys }]) => ({ suffix, keys }));
}

/**
 * The suffixes whose layers hang together. Layers that only end alike (`…/relu_1x1`, `…/relu_3x3`) are no part of a net, nor
 * are those of a step that every module has (`…/3x3_reduce`, VGG's `conv3_1`), in a piece of its own each.
 * @param {Graph} graph @returns {Map<string, {bases: Set<string>, keys: string[]}>}
 */
function suffixed(graph) {
  /** @type {Map<string, {bases: Set<string>, keys: string[]}>} */
  const found = new Map();
  for (const { name, key } of graph.layers) {
    const suffix = SUFFIX.exec(name)?.[0];
    if (!suffix || name.length === suffix.length) continue;
    const entry = found.get(suffix) ?? { bases: new Set(), keys: [] };
    found.set(suffix, entry);
    entry.bases.add(name.slice(0, -suffix.length));
    entry.keys.push(key);
  }
  const pieces = countPieces(graph, found);
  for (const [suffix, { keys }] of found) {
    const parts = pieces.get(suffix) ?? 0;
    if (parts === keys.length || (parts > 2 && LEAST_PIECE * parts > keys.length)) found.delete(suffix);
  }
  return found;
}

/**
 * In how many pieces the layers of each suffix are, by edges among themselves.
 * @param {Graph} graph @param {ReadonlyMap<string, {keys: string[]}>} bySuffix @returns {Map<string, number>}
 */
function countPieces(graph, bySuffix) {
  const suffixOf = new Map([...bySuffix].flatMap(([suffix, { keys }]) => keys.map((key) => /** @type {[string, string]} */ ([key, suffix]))));
  /** @type {Map<string, string>} */
  const parent = new Map([...suffixOf.keys()].map((key) => [key, key]));
  const root = (/** @type {string} */ key) => {
    let at = key;
    for (let up = parent.get(at); up !== undefined && up !== at; up = parent.get(at)) at = up;
    parent.set(key, at);
    return at;
  };
  const pieces = new Map([...bySuffix].map(([suffix, { keys }]) => [suffix, keys.length]));
  for (const { source, target } of graph.edges) {
    const suffix = suffixOf.get(source);
    if (suffix === undefined || suffix !== suffixOf.get(target)) continue;
    const [a, b] = [root(source), root(target)];
    if (a === b) continue;
    parent.set(a, b);
    pieces.set(suffix, (pieces.get(suffix) ?? 0) - 1);
  }
  return pieces;
}

/** @param {Set<string>} a @param {Set<string>} b */
function shared(a, b) {
  let count = 0;
  for (const name of a) if (b.has(name)) count++;
  return count;
}
