/** What can be said about a place in a prototxt, from the schema and the catalogue: completions and documentation. Pure functions. */

/** @import {FormField, Schema} from "../api/schema.js" */
/** @import {CatalogueType} from "../api/types.js" */
/** @import {Context} from "./scan.js" */

/**
 * @typedef {object} Knowledge
 * @property {Schema} schema
 * @property {ReadonlyMap<string, CatalogueType>} catalogue
 * @property {() => Iterable<string>} blobs  names of the blobs of the net
 */

/** @typedef {{label: string, apply: string, kind: 'field' | 'message' | 'value' | 'type' | 'blob', detail: string, doc: string, boost: number}} Proposal */

/** @param {Schema} schema @param {readonly string[]} path @returns {FormField[] | null} the fields of the message at a path; null where nobody knows it */
export function messageAt(schema, path) {
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

/** @param {Knowledge} known @param {Context} context @param {boolean} quoted  whether the place is within quotes @returns {Proposal[]} */
export function proposals(known, context, quoted) {
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
    return [...known.blobs()].map((blob) => value(blob, 'blob', '', ''));
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

/** @param {Knowledge} known @param {Context} context @param {string} word @returns {{title: string, detail: string, doc: string} | null} */
export function explain({ schema, catalogue }, context, word) {
  if (context.in === 'comment') return null;
  if (context.field === 'type' && context.path.at(-1) === 'layer') {
    const type = catalogue.get(word);
    return type ? { title: type.name, detail: type.family, doc: type.doc } : null;
  }
  if (context.field !== null) return null;
  const field = messageAt(schema, context.path)?.find(({ name }) => name === word);
  return field ? { title: field.name, detail: describe(field), doc: field.doc } : null;
}
