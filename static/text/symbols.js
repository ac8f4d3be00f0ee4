/** The names in a prototxt that mean something elsewhere in it: blobs, params and layers; where they are made and used. Pure functions. */

import { contextAt } from './scan.js';

/** @typedef {'blob' | 'param' | 'layer'} Kind */
/** @typedef {{kind: Kind, name: string, side: 'made' | 'read', from: number, to: number}} Symbol  `from` and `to` within its quotes */

const LAYERS = new Set(['layer', 'layers']);
const STARTS = /^layers?\s*[:{]/;

/**
 * From where on a place can be understood: the line that begins its layer. A long file is not read from its start at each
 * key.
 * @param {{line(number: number): {from: number, text: string}, lineAt(at: number): {number: number}}} doc @param {number} at
 * @returns {number}
 */
export function layerStart(doc, at) {
  for (let number = doc.lineAt(at).number; number > 1; number -= 1) {
    const { from, text } = doc.line(number);
    // within `layers {` a file of Caffe's first days has one `layer {` more
    if (STARTS.test(text) && !/^layers\s*:?\s*\{?\s*$/.test(doc.line(number - 1).text)) return from;
  }
  return 0;
}

/** @param {string} text @param {number} at @returns {{from: number, to: number} | null} the quoted text around a place, without its quotes */
export function quotedAround(text, at) {
  const start = text.lastIndexOf('\n', at - 1) + 1;
  const end = text.indexOf('\n', at);
  const line = text.slice(start, end < 0 ? text.length : end);
  for (const found of line.matchAll(/"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|#.*/g)) {
    const from = start + found.index + 1;
    const to = from + found[0].length - 2;
    if (found[0][0] !== '#' && from - 1 <= at && at <= to + 1) return { from, to };
  }
  return null;
}

/** @param {string} text @param {number} at @returns {Symbol | null} */
export function symbolAt(text, at) {
  const quoted = quotedAround(text, at);
  if (!quoted) return null;
  const { path, field, in: inside } = contextAt(text, quoted.from);
  if (inside === 'comment') return null;
  const message = path.at(-1);
  const name = text.slice(quoted.from, quoted.to);
  const symbol = (/** @type {Kind} */ kind, /** @type {'made' | 'read'} */ side) => ({ kind, name, side, ...quoted });
  if (message === undefined) return field === 'input' ? symbol('blob', 'made') : null;
  if (message === 'param' && field === 'name') return symbol('param', 'read');
  if (!LAYERS.has(message)) return null;
  if (field === 'bottom') return symbol('blob', 'read');
  if (field === 'top') return symbol('blob', 'made');
  if (field === 'param') return symbol('param', 'read'); // as old files write it
  return field === 'name' ? symbol('layer', 'made') : null;
}

/** Every place of a name in some fields, in file order, comments left out. @param {string} text @param {string} fields  alternatives of a regular expression @param {string} name @returns {number[]} */
function placesOf(text, fields, name) {
  const spelled = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const found = text.matchAll(new RegExp(`(?<![\\w.])(?:${fields})\\s*(["'])(${spelled})\\1`, 'gd'));
  return [...found].map(({ indices }) => indices?.[2]?.[0] ?? 0).filter((at) => quotedAround(text, at)?.from === at);
}

/**
 * Where one goes from a name: from a blob that is read to the layer that makes it, from one that is made to its first
 * reader, from a param to its first user (its owner), from there to the next.
 * @param {string} text @param {Symbol} symbol @param {number} start where the symbol's layer begins @returns {number | null}
 */
export function leadsTo(text, symbol, start) {
  const { kind, name, side, from } = symbol;
  if (kind === 'layer') return null;
  if (kind === 'param') {
    const users = placesOf(text, 'param\\s*:?\\s*\\{[^{}]*?\\bname\\s*:|param\\s*:', name);
    return users[0] === from ? (users[1] ?? null) : (users[0] ?? null);
  }
  if (side === 'made') return placesOf(text, 'bottom\\s*:', name).find((at) => at > from && at !== from) ?? null;
  const made = placesOf(text, 'top\\s*:', name).filter((at) => at < start);
  return made.at(-1) ?? placesOf(text, 'input\\s*:', name)[0] ?? null;
}
