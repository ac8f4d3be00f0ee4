/** What can be said about a place in a prototxt, from the schema and the catalogue: completions and documentation. Pure functions. */

/** @import {FormField, Schema} from "../api/schema.js" */
/** @import {CatalogueType} from "../api/types.js" */
/** @import {Context} from "./scan.js" */

import { text as says } from '../messages/text.js';

/**
 * @typedef {object} Knowledge
 * @property {Schema} schema
 * @property {ReadonlyMap<string, CatalogueType>} catalogue
 * @property {(line: number) => Iterable<Blob>} blobs  the blobs of the net, as they are at a line
 * @property {() => Iterable<string>} params  the names by which layers share their parameters
 */

/** @typedef {{name: string, shape: string, by: string, readers: readonly string[], distance: number}} Blob  made by the layer `by`, so many lines above (below: Infinity) */

/** @typedef {{label: string, apply: string, kind: 'field' | 'message' | 'value' | 'type' | 'blob', detail: string, doc: string, boost: number}} Proposal */

/** @param {Schema} schema @param {readonly string[]} path @returns {FormField[] | null} the fields of the message at a path; null where nobody knows it */
function messageAt(schema, path) {
  /** @type {FormField[] | null} */
  let fields = schema.messages.NetParameter ?? null;
  for (const name of path) {
    /** @type {FormField | undefined} */
    const field = fields?.find((candidate) => candidate.name === name);
    fields = (field?.message && schema.messages[field.message]) || null;
  }
  return fields;
}

/** @param {FormField} field @returns {string} "repeated uint32 · default 1" */
export function describe(field) {
  const kind = field.type === 'message' ? (field.message ?? 'message') : field.type;
  return `${field.repeated ? 'repeated ' : ''}${kind}${field.default === null ? '' : ` · default ${field.default}`}`;
}

/** @param {Knowledge} known @param {Context} context @param {boolean} quoted  whether the place is within quotes @param {number} [line] @returns {Proposal[]} */
export function proposals(known, context, quoted, line = 1) {
  const { schema, catalogue } = known;
  if (context.in === 'comment') return [];
  const fields = messageAt(schema, context.path);
  if (context.field === null) return quoted || !fields ? [] : fieldNames(known, fields, context);
  const field = fields?.find(({ name }) => name === context.field);
  if (!field) return [];
  const inLayer = context.path.at(-1) === 'layer';
  const word = (/** @type {string} */ text) => (field.type === 'string' && !quoted ? `"${text}"` : text);
  const value = (
    /** @type {string} */ label,
    /** @type {Proposal['kind']} */ kind,
    /** @type {string} */ detail,
    /** @type {string} */ doc,
  ) => ({ label, apply: word(label), kind, detail, doc, boost: 0 });
  if (inLayer && field.name === 'type') {
    return [...catalogue.values()].map((type) => value(type.name, 'type', type.family, type.doc));
  }
  if (inLayer && (field.name === 'bottom' || field.name === 'top')) {
    return [...known.blobs(line)].map(({ name, shape, by, distance }) => ({
      ...value(name, 'blob', shape, says.madeBy(by)),
      boost: Number.isFinite(distance) ? 40 - Math.min(39, Math.log2(1 + distance) * 3) : -40, // the nearest above first
    }));
  }
  if (context.path.at(-1) === 'param' && field.name === 'name') {
    return [...known.params()].map((name) => value(name, 'blob', says.param, ''));
  }
  if (field.type === 'bool') return ['true', 'false'].map((name) => value(name, 'value', '', ''));
  return field.values.map((name) =>
    value(name, 'value', name === field.default ? 'default' : '', ''),
  );
}

/** @param {Knowledge} known @param {FormField[]} fields @param {Context} context @returns {Proposal[]} */
function fieldNames({ schema }, fields, context) {
  const own = new Set(context.path.at(-1) === 'layer' ? (schema.types[context.type] ?? []) : []);
  return fields
    .filter(({ deprecated }) => !deprecated)
    .map((field) => ({
      label: field.name,
      apply: field.type === 'message' ? `${field.name} { \${} }` : `${field.name}: \${}`,
      kind: field.type === 'message' ? 'message' : 'field',
      detail: describe(field),
      doc: field.doc,
      boost: own.has(field.name) ? 50 : field.name.endsWith('_param') || field.seldom ? -20 : 0,
    }));
}

/** @param {Knowledge} known @param {Context} context @param {string} word @param {number} [line] @returns {{title: string, detail: string, doc: string} | null} */
export function explain({ schema, catalogue, blobs }, context, word, line = 1) {
  if (context.in === 'comment') return null;
  const inLayer = context.path.at(-1) === 'layer' || context.path.at(-1) === 'layers';
  if (inLayer && (context.field === 'bottom' || context.field === 'top')) {
    const blob = [...blobs(line)].find(({ name }) => name === word);
    return blob ? { title: word, detail: blob.shape, doc: says.blob(blob.by, blob.readers) } : null;
  }
  if (context.field === 'type' && context.path.at(-1) === 'layer') {
    const type = catalogue.get(word);
    return type ? { title: type.name, detail: type.family, doc: type.doc } : null;
  }
  if (context.field !== null) return null;
  const field = messageAt(schema, context.path)?.find(({ name }) => name === word);
  return field ? { title: field.name, detail: describe(field), doc: field.doc } : null;
}
