/** The layer types that can be added: by family, filtered by words. No DOM. */

/** @import {CatalogueType} from "../api/types.js" */

/** Families in the order in which a net is built. */
export const FAMILIES = /** @type {const} */ ([
  'data',
  'vision',
  'common',
  'activation',
  'normalization',
  'recurrent',
  'loss',
  'utility',
  'fork',
]);

/** What nets are mostly made of, first within their family. */
const USUAL = [
  'Input',
  'Data',
  'Convolution',
  'Pooling',
  'InnerProduct',
  'Concat',
  'Eltwise',
  'ReLU',
  'Dropout',
  'BatchNorm',
  'Scale',
  'LRN',
  'Softmax',
  'SoftmaxWithLoss',
  'Accuracy',
];

/** What is mostly added, in the order in which a net is built, then all others. @param {CatalogueType[]} types */
export function usual(types) {
  const first = USUAL.flatMap((name) => types.find((type) => type.name === name) ?? []);
  return [...first, ...types.filter((type) => !first.includes(type))];
}

/** @typedef {{family: string, types: CatalogueType[]}} PaletteGroup */

/**
 * Types whose name, family or documentation holds all words; those whose name begins with them come first. Types of
 * Caffe's forks are a group of their own.
 * @param {Iterable<CatalogueType>} types @param {string} query @returns {PaletteGroup[]}
 */
export function paletteGroups(types, query) {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  /** @type {Map<string, CatalogueType[]>} */
  const groups = new Map(FAMILIES.map((family) => [family, []]));
  for (const type of types) {
    const text = `${type.name} ${type.family} ${type.doc}`.toLowerCase();
    if (!words.every((word) => text.includes(word))) continue;
    const family = type.profile === 'fork' ? 'fork' : type.family;
    groups.get(family)?.push(type);
  }
  const rank = (/** @type {CatalogueType} */ type) => {
    const at = USUAL.indexOf(type.name);
    return at < 0 ? USUAL.length : at;
  };
  const found = [...groups].filter(([, list]) => list.length).map(([family, list]) => ({ family, types: list }));
  for (const group of found) group.types.sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
  const [first] = words;
  if (first === undefined) return found;
  const fit = (/** @type {CatalogueType} */ type) => {
    const name = type.name.toLowerCase();
    return name === first ? 0 : name.startsWith(first) ? 1 : name.includes(first) ? 2 : 3;
  };
  for (const group of found) group.types.sort((a, b) => fit(a) - fit(b));
  return found.sort((a, b) => fit(a.types[0]) - fit(b.types[0]));
}
