/** What layers state in their text, looked at field by field. Pure functions. */

/** @import {FormField, Schema, Stated, StatedLayer} from "../api/schema.js" */
/** @import {Operation} from "./types.js" */

/** @typedef {{name: string, index?: number}} Step  without an index the last of that name is meant, as in Caffe */

/** @param {readonly Step[]} path @returns {string} as operations write it: dummy_data_param.shape[1] */
export function pathText(path) {
  return path.map(({ name, index }) => (index === undefined ? name : `${name}[${index}]`)).join('.');
}

/** @param {readonly Stated[]} fields @param {readonly Step[]} path @returns {Stated[]} all values at the end of the path */
export function valuesAt(fields, path) {
  let here = fields;
  for (const [depth, { name, index }] of path.entries()) {
    const found = here.filter((field) => field.name === name);
    if (depth === path.length - 1) {
      if (index === undefined) return found;
      const one = found[index];
      return one ? [one] : [];
    }
    here = (index === undefined ? found.at(-1) : found[index])?.fields ?? [];
  }
  return [];
}

/** @typedef {{text: string | null, mixed: boolean, stated: boolean}} Common  what all say (null: nothing), or that they differ */

/**
 * @param {readonly StatedLayer[]} layers @param {readonly Step[]} path @param {boolean} repeated
 * @returns {Common}
 */
export function common(layers, path, repeated) {
  const texts = layers.map(({ fields }) => {
    const values = valuesAt(fields, path);
    if (!values.length) return null;
    return repeated ? values.map(({ value }) => value ?? '').join(', ') : (values.at(-1)?.value ?? null);
  });
  const mixed = new Set(texts).size > 1;
  return { text: mixed ? null : (texts[0] ?? null), mixed, stated: texts.some((text) => text !== null) };
}

/** @param {Stated} shape a BlobShape @returns {string} "1, 3, 224, 224" */
export function shapeValue(shape) {
  return (shape.fields ?? [])
    .filter(({ name }) => name === 'dim')
    .map(({ value }) => value)
    .join(', ');
}

/** @param {string} text @returns {string | null} a BlobShape's text; null where it is none */
export function shapeSpelled(text) {
  const dims = text
    .replace(/^[[(]|[\])]$/g, '')
    .split(/[\s,×x]+/)
    .filter(Boolean);
  if (!dims.length || dims.some((dim) => !/^-?\d+$/.test(dim))) return null;
  return `{ ${dims.map((dim) => `dim: ${dim}`).join(' ')} }`;
}

/** @param {string} text @returns {string} a row of values as an operation takes it */
export function rowSpelled(text) {
  return `[${text
    .replace(/^\[|\]$/g, '')
    .split(/[\s,]+/)
    .filter(Boolean)
    .join(', ')}]`;
}

/**
 * The sections of LayerParameter that a form shows: those its type reads, and any other that is stated.
 * @param {Schema} schema @param {string} type @param {readonly StatedLayer[]} layers
 */
export function sectionsOf(schema, type, layers) {
  const stated = layers.flatMap(({ fields }) =>
    fields.filter(({ name, fields: inner }) => inner && name.endsWith('_param')).map(({ name }) => name),
  );
  return [...new Set([...(schema.types[type] ?? []), ...stated])];
}

/**
 * The fields of a message in a form's order, and those that only a fork knows.
 * @param {Schema} schema @param {string | null} message @param {readonly StatedLayer[]} layers @param {readonly Step[]} path
 * @returns {{shown: FormField[], folded: FormField[], unknown: {name: string, nested: boolean, count: number}[]}}  `count`: how often one layer states it
 */
export function fieldsOf(schema, message, layers, path) {
  const everything = (message && schema.messages[message]) || [];
  const nested = (/** @type {FormField} */ { type, message: kind }) => type === 'message' && kind !== 'BlobShape';
  const all = [...everything.filter((field) => !nested(field)), ...everything.filter(nested)]; // groups come last
  const known = new Set(all.map(({ name }) => name));
  const stated = layers.flatMap(({ fields }) => valuesAt(fields, path).at(-1)?.fields ?? []);
  const names = new Set(stated.map(({ name }) => name));
  const wanted = message === 'FillerParameter' ? fillerFields(stated) : null;
  const shows = (/** @type {FormField} */ field) =>
    names.has(field.name) || (wanted ? wanted.has(field.name) : !field.seldom);
  /** @type {Map<string, {name: string, nested: boolean, count: number}>} */
  const unknown = new Map();
  for (const { fields } of layers) {
    for (const { name, fields: inner } of valuesAt(fields, path).at(-1)?.fields ?? []) {
      if (known.has(name) || unknown.has(name)) continue;
      const count = Math.max(...layers.map((layer) => valuesAt(layer.fields, [...path, { name }]).length));
      unknown.set(name, { name, nested: Boolean(inner), count });
    }
  }
  return {
    shown: all.filter(shows),
    folded: wanted ? [] : all.filter((field) => !shows(field)),
    unknown: [...unknown.values()],
  };
}

/** @type {Record<string, string[]>} */
const FILLERS = {
  constant: ['value'],
  gaussian: ['mean', 'std'],
  uniform: ['min', 'max'],
  xavier: ['variance_norm'],
  msra: ['variance_norm'],
};

/** @param {readonly Stated[]} stated @returns {Set<string>} the fields that a filler of that type reads */
function fillerFields(stated) {
  const type = stated.findLast(({ name }) => name === 'type')?.value;
  return new Set(['type', ...((type && FILLERS[type]) || [])]);
}

/** @typedef {'both' | 'TRAIN' | 'TEST' | 'own'} Lives */

/** @param {StatedLayer} layer @returns {Lives} in which phases its rules put it; 'own' where they ask for more */
export function livesIn({ fields }) {
  const rules = fields.filter(({ name }) => name === 'include' || name === 'exclude');
  if (!rules.length) return 'both';
  const [rule, another] = rules;
  const [only, more] = rule?.fields ?? [];
  if (another || more || only?.name !== 'phase') return 'own';
  const train = only.value === 'TRAIN' || only.value === '0';
  return train === (rule?.name === 'include') ? 'TRAIN' : 'TEST';
}

/**
 * The rules of a layer, each as a text that can be edited.
 * @param {StatedLayer} layer @returns {{name: 'include' | 'exclude', index: number, text: string}[]}
 */
export function rulesOf({ fields }) {
  return /** @type {const} */ (['include', 'exclude']).flatMap((name) =>
    valuesAt(fields, [{ name }]).map((rule, index) => ({
      name,
      index,
      text: (rule.fields ?? []).map((one) => `${one.name}: ${one.name.endsWith('stage') ? JSON.stringify(one.value) : one.value}`).join(' '),
    })),
  );
}

/** @param {readonly string[]} keys @param {'both' | 'TRAIN' | 'TEST'} lives @returns {Operation[]} */
export function setLives(keys, lives) {
  return keys.flatMap((layer) => [
    set(layer, 'exclude', null),
    set(layer, 'include', null),
    ...(lives === 'both' ? [] : [set(layer, 'include', `{ phase: ${lives} }`)]),
  ]);
}

/** @param {string} layer @param {string} path @param {string | null} value */
function set(layer, path, value) {
  return { op: /** @type {const} */ ('set_field'), layer, path, value };
}

/** @param {readonly string[]} keys @param {readonly Step[]} path @param {string | null} value @returns {Operation[]} the same in all layers */
export function setAll(keys, path, value) {
  return keys.map((layer) => set(layer, pathText(path), value));
}
