/** What the duplicate dialog holds, and the one operation it comes to. Pure functions; no DOM. */

/** @import {GraphModel} from "../../model/graph-model.js" */
/** @import {CopyRate, DuplicateOperation, Fix, LayerCard, Operation, Rate} from "../../model/types.js" */

import { between, byPattern } from '../../model/queries.js';

/**
 * @typedef {{kind: "keep" | "set" | "scale" | "freeze", value: number}} CopyRateChoice
 *
 * @typedef {object} CopyChoice
 * @property {string} affix  what its names get
 * @property {CopyRateChoice} rate
 * @property {Map<string, Rate>} layers  layers with a rate of their own in this copy
 *
 * @typedef {"same" | "separate" | "slice"} InputChoice
 * @typedef {"none" | "concat" | "eltwise" | "contrastive"} JoinKind
 *
 * @typedef {object} DuplicateOptions
 * @property {string[]} layers  keys, in file order
 * @property {"suffix" | "prefix"} affix
 * @property {CopyChoice[]} copies
 * @property {boolean} keepFirst  the first copy keeps the original names
 * @property {Set<string>} shared  keys of layers whose blobs all copies share
 * @property {Map<string, InputChoice>} inputs  by blob read from outside; those not named are the same for all
 * @property {number} sliceAxis
 * @property {{kind: JoinKind, axis: number, operation: string, name: string, label: string, blobs: string[] | null}} join
 * @property {Fix[]} extras  fixes to run right after, within the same step
 */

export const MOST_COPIES = 16;

/** @param {number} index @param {"suffix" | "prefix"} affix @returns {string} _a, _b, ... or a_, b_, ... */
function usualAffix(index, affix) {
  const letter = index < 26 ? String.fromCharCode(97 + index) : String(index + 1);
  return affix === 'suffix' ? `_${letter}` : `${letter}_`;
}

/** @param {number} index @param {"suffix" | "prefix"} affix @returns {CopyChoice} */
function newCopy(index, affix) {
  return { affix: usualAffix(index, affix), rate: { kind: 'keep', value: 1 }, layers: new Map() };
}

/** @param {string[]} layers @param {string} label the blob to offer as ContrastiveLoss's label @returns {DuplicateOptions} */
export function freshOptions(layers, label = 'label') {
  return {
    layers,
    affix: 'suffix',
    copies: [newCopy(0, 'suffix'), newCopy(1, 'suffix')],
    keepFirst: false,
    shared: new Set(),
    inputs: new Map(),
    sliceAxis: 1,
    join: { kind: 'none', axis: 1, operation: 'SUM', name: '', label, blobs: null },
    extras: [],
  };
}

/**
 * The blob to offer as a ContrastiveLoss's label: `label`, or else the only one that nothing reads and that has one
 * value for each item of the batch.
 * @param {GraphModel} model @returns {string} empty where none comes to mind
 */
export function offeredLabel(model) {
  const tops = model.graph.layers.flatMap((layer) => layer.tops);
  if (tops.some((top) => top.name === 'label')) return 'label';
  const read = new Set(model.graph.layers.flatMap((layer) => layer.bottoms));
  const alone = tops.filter(({ name, shape }) => !read.has(name) && shape?.length && shape.slice(1).every((n) => n === 1));
  return alone.length === 1 ? alone[0].name : '';
}

/** @param {DuplicateOptions} options @param {number} count @returns {DuplicateOptions} */
export function withCopies(options, count) {
  const copies = options.copies.slice(0, count);
  while (copies.length < count) copies.push(newCopy(copies.length, options.affix));
  return { ...options, copies };
}

/**
 * Suffixes become prefixes and back, where they are still the usual ones.
 * @param {DuplicateOptions} options @param {"suffix" | "prefix"} affix
 * @returns {DuplicateOptions}
 */
export function withAffix(options, affix) {
  const copies = options.copies.map((copy, index) => ({
    ...copy,
    affix: copy.affix === usualAffix(index, options.affix) ? usualAffix(index, affix) : copy.affix,
  }));
  return { ...options, affix, copies };
}

/** @param {CopyRateChoice} rate @returns {Rate} */
export function rateOf({ kind, value }) {
  if (kind === 'set') return { lr_mult: value };
  if (kind === 'scale') return { scale_lr: value };
  return kind === 'freeze' ? { freeze: true } : {};
}

/** @param {DuplicateOptions} options @returns {DuplicateOperation} */
export function duplicateOperation(options) {
  const { layers, copies, affix, keepFirst, shared, inputs, join } = options;
  const affixes = copies.map((copy) => copy.affix);
  const rates = copies.map((copy) => {
    /** @type {CopyRate} */
    const rate = rateOf(copy.rate);
    return copy.layers.size ? { ...rate, layers: Object.fromEntries(copy.layers) } : rate;
  });
  const sharing = Object.fromEntries(
    [...shared].filter((key) => layers.includes(key)).map((key) => [key, /** @type {const} */ ('shared')]),
  );
  /** @type {DuplicateOperation} */
  const operation = {
    op: 'duplicate',
    layers,
    copies: copies.length,
    [affix === 'suffix' ? 'suffixes' : 'prefixes']: affixes,
    keep_first: keepFirst,
    share: { default: 'none', layers: sharing },
    inputs: Object.fromEntries(inputs),
    join: joinOf(join),
  };
  if ([...inputs.values()].includes('slice')) operation.slice_axis = options.sliceAxis;
  if (rates.some((rate) => Object.keys(rate).length)) operation.rates = rates;
  return operation;
}

/** @param {DuplicateOptions["join"]} join @returns {DuplicateOperation["join"]} */
function joinOf({ kind, axis, operation, name, label, blobs }) {
  const named = { ...(name.trim() ? { name: name.trim() } : {}), ...(blobs?.length ? { blobs } : {}) };
  if (kind === 'concat') return { kind, axis, ...named };
  if (kind === 'eltwise') return { kind, operation, ...named };
  if (kind === 'contrastive') return { kind, label, ...named };
  return { kind };
}

/** @param {DuplicateOptions} options @returns {string[]} what keeps it from being sent, by message key */
export function affixProblems(options) {
  const used = options.copies.map((copy) => copy.affix).slice(options.keepFirst ? 1 : 0);
  const problems = [];
  if (used.some((affix) => affix.trim() === '')) problems.push('empty');
  if (new Set(used).size < used.length) problems.push('twice');
  return problems;
}

/** @param {DuplicateOptions} options @returns {string[]} all that keeps them from being sent, by message key */
export function optionProblems(options) {
  const { kind, label } = options.join;
  return [...affixProblems(options), ...(kind === 'contrastive' && !label.trim() ? ['label'] : [])];
}

/**
 * Reads a list of layers as people write it: names, `FROM..TO` (all between them), globs; separated by commas or blanks.
 * @param {string} text @param {GraphModel} model
 * @returns {{keys: string[], unknown: string[]}} keys in file order
 */
export function readLayerList(text, model) {
  const found = new Set();
  const unknown = [];
  for (const word of text.split(/[,;\s]+/).filter(Boolean)) {
    const [from, to, more] = word.split('..');
    if (model.layer(word)) found.add(word);
    else if (from && to && more === undefined && model.layer(from) && model.layer(to)) {
      for (const key of between(model, from, to)) found.add(key);
      found.add(from).add(to);
    } else {
      const matching = /[*?[]/.test(word) ? byPattern(model.graph, word) : [];
      if (!matching.length) unknown.push(word);
      for (const key of matching) found.add(key);
    }
  }
  return { keys: model.graph.layers.map((layer) => layer.key).filter((key) => found.has(key)), unknown };
}

/**
 * The list as text: `first..last`, `inception_3a/*` or `*_a` where that says the same, else the names.
 * @param {readonly string[]} keys @param {GraphModel} model
 */
export function writeLayerList(keys, model) {
  const [first] = keys;
  const last = keys.at(-1);
  if (first === undefined || last === undefined || keys.length < 3) return keys.join(', ');
  const short = [`${first}..${last}`];
  const path = first.slice(0, first.lastIndexOf('/') + 1);
  if (path && keys.every((key) => key.startsWith(path))) short.push(`${path}*`);
  const ending = first.slice(first.lastIndexOf('_'));
  if (first.includes('_') && keys.every((key) => key.endsWith(ending))) short.push(`*${ending}`);
  return short.find((text) => readLayerList(text, model).keys.join() === keys.join()) ?? keys.join(', ');
}

/**
 * The blobs that the selection reads from outside, and those made inside that somebody outside reads or that nobody reads.
 * @param {readonly string[]} keys @param {GraphModel} model
 */
export function border(keys, model) {
  const inside = new Set(keys);
  const inputs = new Map();
  const outputs = new Map();
  for (const key of keys) {
    for (const edge of model.edgesIn(key)) {
      if (!inside.has(edge.source)) inputs.set(edge.blob, model.layer(edge.source)?.tops[edge.top]?.shape ?? null);
    }
    const out = model.edgesOut(key);
    model.layer(key)?.tops.forEach((top, index) => {
      const readers = out.filter((edge) => edge.top === index);
      const outside = readers.filter((edge) => !inside.has(edge.target)).map((edge) => edge.target);
      if (!readers.length || outside.length) outputs.set(top.name, { shape: top.shape, readers: outside });
    });
  }
  return { inputs, outputs };
}

/** Layers of the selection that have parameters, the ones a share switch is for. @param {readonly string[]} keys @param {GraphModel} model @returns {LayerCard[]} */
export function withParameters(keys, model) {
  return keys.flatMap((key) => model.layer(key) ?? []).filter((layer) => layer.blobs.length > 0);
}

/** BatchNorm's running statistics stay apart unless somebody asks for them by name. @param {readonly LayerCard[]} layers */
export function usuallyShared(layers) {
  return layers.filter((layer) => layer.type !== 'BatchNorm').map((layer) => layer.key);
}

/**
 * What is known of a preview, to understand its fixes.
 * @typedef {object} Origins
 * @property {ReadonlyMap<string, string>} sources  layer of the preview -> the selected layer it is a copy of
 * @property {ReadonlyMap<string, readonly string[]>} users  param name -> layers of the preview that use it
 * @property {ReadonlyMap<string, number>} firstRates  param name -> lr_mult that the first copy states for it
 */

/**
 * Turns a fix for a problem of the preview into other options where it can, else into something to do right after.
 * @param {DuplicateOptions} options @param {Fix} fix @param {Origins} origins
 * @returns {DuplicateOptions}
 */
export function adaptToFix(options, fix, { sources, users, firstRates }) {
  const shared = new Set(options.shared);
  /** @type {Set<string>} */
  const evened = new Set();
  /** @type {Operation[]} */
  const rest = [];
  for (const operation of fix.operations) {
    const source = operation.op === 'unshare' ? sources.get(operation.layer) : undefined;
    const named =
      operation.op === 'one_rate' ? (users.get(operation.name) ?? []).flatMap((key) => sources.get(key) ?? []) : [];
    const asFirst =
      operation.op === 'one_rate' &&
      operation.decay_mult == null &&
      (operation.lr_mult ?? null) === (firstRates.get(operation.name) ?? null);
    if (source !== undefined && options.shared.has(source)) shared.delete(source);
    else if (asFirst && named.length && named.every((key) => options.shared.has(key)))
      named.forEach((key) => evened.add(key));
    else rest.push(operation);
  }
  const extras = rest.length ? [...options.extras, { title: fix.title, operations: rest }] : options.extras;
  return withOneRate({ ...options, shared, extras }, evened);
}

/** @param {DuplicateOptions} options @returns {string[]} the shared layers whose copies ask for different rates, which Caffe refuses or decides by itself */
export function unevenShared(options) {
  const rates = (/** @type {string} */ key) => options.copies.map((copy) => JSON.stringify(copy.layers.get(key) ?? rateOf(copy.rate)));
  return options.layers.filter((key) => options.shared.has(key) && new Set(rates(key)).size > 1);
}

/**
 * Gives some layers the first copy's rate in all copies.
 * @param {DuplicateOptions} options @param {Iterable<string>} keys
 * @returns {DuplicateOptions}
 */
export function withOneRate(options, keys) {
  const first = options.copies[0];
  if (!first) return options;
  const copies = options.copies.map((copy, index) => {
    if (index === 0) return copy;
    const layers = new Map(copy.layers);
    for (const key of keys) {
      const own = first.layers.get(key);
      const rate = own ?? rateOf(first.rate);
      layers.set(key, rate); // an empty one means: as it is, whatever the copy's own rate
    }
    return { ...copy, layers };
  });
  return { ...options, copies };
}
