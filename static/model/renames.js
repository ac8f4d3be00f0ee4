/** Layers that somebody renamed, told from two pictures of a net: what was chosen by its old name stays chosen. Pure. */

/** @import {Graph, LayerCard} from "./types.js" */

/**
 * @param {Graph} before @param {Graph} now @param {Iterable<string>} keys  of `before`
 * @returns {Map<string, string>} old key -> new key, of those that have another now
 */
export function graphRenames(before, now, keys) {
  /** @type {Map<string, string>} */
  const renames = new Map();
  const there = new Set(now.layers.map(({ key }) => key));
  const lost = [...keys].filter((key) => !there.has(key));
  if (!lost.length || before.document !== now.document) return renames;
  const known = new Map(before.layers.map((layer) => [layer.key, layer]));
  const fresh = now.layers.filter(({ key }) => !known.has(key));
  const place = (/** @type {LayerCard} */ { chunk, type }) => `${chunk} ${type}`;
  const byPlace = new Map(fresh.map((layer) => [place(layer), layer.key]));
  const byOrigin = new Map(fresh.flatMap(({ key, origin }) => (origin === null ? [] : [[origin, key]])));
  for (const key of lost) {
    const layer = known.get(key);
    const found = byOrigin.get(key) ?? (layer && byPlace.get(place(layer)));
    if (found !== undefined) renames.set(key, found);
  }
  return renames;
}
