/** Questions about a graph: who feeds whom, and what a pattern names. Pure functions. */

/** @typedef {import('./types.js').Graph} Graph */
/**
 * @typedef {object} Wiring
 * @property {(key: string) => readonly string[]} producers
 * @property {(key: string) => readonly string[]} readers
 */

/**
 * Everything reachable from the given layers, themselves included.
 * @param {Wiring} wiring @param {Iterable<string>} start @param {'up' | 'down'} way
 * @returns {Set<string>}
 */
export function reach(wiring, start, way) {
  const found = new Set(start);
  const queue = [...found];
  for (let key = queue.pop(); key !== undefined; key = queue.pop()) {
    for (const next of way === 'up' ? wiring.producers(key) : wiring.readers(key)) {
      if (!found.has(next)) {
        found.add(next);
        queue.push(next);
      }
    }
  }
  return found;
}

/**
 * Layers on any path between the two, whichever way it runs; empty when there is no path.
 * @param {Wiring} wiring @param {string} first @param {string} last
 * @returns {Set<string>}
 */
export function between(wiring, first, last) {
  const onPath = (/** @type {string} */ from, /** @type {string} */ to) => {
    const below = reach(wiring, [from], 'down');
    if (!below.has(to)) return new Set();
    const above = reach(wiring, [to], 'up');
    return new Set([...below].filter((key) => above.has(key)));
  };
  const path = onPath(first, last);
  return path.size > 0 ? path : onPath(last, first);
}

/**
 * A glob as a regular expression: `*` any run, `?` one character, `[ab]` a class; all else is itself.
 * @param {string} glob
 */
export function globExpression(glob) {
  const source = glob.replace(/\[[^\]]+\]|[.*+?^${}()|[\]\\]/g, (part) => {
    if (part === '*') return '.*';
    if (part === '?') return '.';
    if (part.length > 1) return part.replaceAll('\\', '\\\\').replace('[!', '[^');
    return `\\${part}`;
  });
  return new RegExp(`^(?:${source})$`);
}

/** @param {Graph} graph @param {string} glob @returns {string[]} keys */
export function byPattern(graph, glob) {
  const expression = globExpression(glob);
  return graph.layers.filter((layer) => expression.test(layer.name)).map((layer) => layer.key);
}

/** @param {Graph} graph @param {string} type @returns {string[]} keys */
export function byType(graph, type) {
  return graph.layers.filter((layer) => layer.type === type).map((layer) => layer.key);
}

/**
 * Layers whose name, type or blobs hold the words; names that start with them first.
 * @param {Graph} graph @param {string} words @param {number} [limit]
 * @returns {string[]} keys
 */
export function search(graph, words, limit = 50) {
  const parts = words.toLowerCase().split(/\s+/).filter(Boolean);
  if (parts.length === 0) return [];
  /** @type {{key: string, rank: number}[]} */
  const found = [];
  for (const layer of graph.layers) {
    const name = layer.name.toLowerCase();
    const rest = `${name} ${layer.type.toLowerCase()} ${layer.tops.map((top) => top.name).join(' ').toLowerCase()}`;
    if (!parts.every((part) => rest.includes(part))) continue;
    const head = parts[0] ?? '';
    found.push({ key: layer.key, rank: name === head ? 0 : name.startsWith(head) ? 1 : name.includes(head) ? 2 : 3 });
  }
  return found
    .sort((a, b) => a.rank - b.rank)
    .slice(0, limit)
    .map((hit) => hit.key);
}

/**
 * The phase that a layer of one phase has no namesake for, or TEST where it lives in both and is alone.
 * @param {import('./graph-model.js').GraphModel} model @param {import('./types.js').LayerCard} layer
 * @returns {import('./types.js').Phase | null}
 */
export function lacksPhase(model, { key, name, phases }) {
  if (model.graph.layers.some((one) => one.name === name && one.key !== key)) return null;
  return phases.length === 1 && phases[0] === 'TEST' ? 'TRAIN' : 'TEST';
}
