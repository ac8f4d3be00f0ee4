/** What of the previewed net is shown: the copies and what they touch, not the ten thousand layers around them. Pure. */

/** @import {Diagnostic, Fix, Graph} from "../../model/types.js" */

import { duplicate as t } from '../../messages/duplicate.js';

const MOST_DRAWN = 400;
const FEW_DRAWN = 64;
const MOST_NEIGHBOURS = 200;

/**
 * @typedef {object} CopiedBlob
 * @property {number} index
 * @property {string} role
 * @property {"copied" | "shared" | "filler"} state
 * @property {string[]} shared_with
 * @property {string | null} group
 * @property {number} lr_mult
 * @property {number} decay_mult
 *
 * @typedef {object} CopiedLayer
 * @property {number} copy_number  from 1; 1 is the original
 * @property {string} source
 * @property {string} name
 * @property {string} type
 * @property {string} key
 * @property {string | null} weights_from
 * @property {CopiedBlob[]} blobs
 *
 * @typedef {object} Renamed
 * @property {"layer" | "blob" | "param"} kind
 * @property {string} old
 * @property {string} new
 * @property {number | null} copy_number
 * @property {string | null} reason
 *
 * @typedef {object} DuplicateReport
 * @property {string} title
 * @property {string[]} summary
 * @property {string[]} upgraded
 * @property {CopiedLayer[]} copies
 * @property {string[]} added
 * @property {Renamed[]} renamed
 * @property {{code: string, severity: "error" | "warning" | "info", message: string, caffe_message?: string | null, layer: string | null, fixes?: Fix[]}[]} notes
 */

/**
 * Some layers, and their neighbours.
 * @param {Graph} graph the previewed net @param {Iterable<string>} keys
 * @returns {Graph}
 */
export function excerpt(graph, keys) {
  const core = new Set(keys);
  const kept = new Set(core);
  for (const { source, target } of graph.edges) {
    if (kept.size >= core.size + MOST_NEIGHBOURS) break;
    if (core.has(source)) kept.add(target);
    if (core.has(target)) kept.add(source);
  }
  return {
    ...graph,
    layers: graph.layers.filter((layer) => kept.has(layer.key)),
    edges: graph.edges.filter((edge) => kept.has(edge.source) && kept.has(edge.target)),
    groups: graph.groups.filter((group) => group.members.some((member) => kept.has(member.layer))),
  };
}

/**
 * What is drawn of the copies: all, or of very large ones a few layers of each, from its beginning and from its end, so
 * that they can be read.
 * @param {DuplicateReport} report @param {number} [most] layers that are all drawn @param {number} [few] layers where there are more
 * @returns {{keys: string[], each: number | null}} `each`: so many of each copy; null where it is all
 */
export function drawnKeys(report, most = MOST_DRAWN, few = FEW_DRAWN) {
  /** @type {Map<number, string[]>} */
  const copies = new Map();
  for (const { copy_number: number, key, name } of report.copies) {
    const keys = copies.get(number) ?? [];
    copies.set(number, keys);
    keys.push(key || name);
  }
  const room = Math.max(6, Math.floor(few / Math.max(1, copies.size)));
  const inCopies = new Set([...copies.values()].flat());
  const others = report.added.filter((key) => !inCopies.has(key)).slice(0, most);
  if (inCopies.size <= most) return { keys: [...inCopies, ...others], each: null };
  const first = Math.ceil(room * 0.6);
  const keys = [...copies.values()].flatMap((all) => (all.length <= room ? all : [...all.slice(0, first), ...all.slice(first - room)]));
  return { keys: [...keys, ...others], each: room };
}

/** @param {DuplicateReport} report @returns {string[]} keys of the copies and of what was added with them */
export function copyKeys(report) {
  return [...new Set([...report.copies.map((copy) => copy.key || copy.name), ...report.added])];
}

/**
 * Layer of the preview -> the selected layer that it is a copy of.
 * @param {DuplicateReport} report @returns {Map<string, string>}
 */
export function copySources(report) {
  return new Map(report.copies.map((copy) => [copy.key || copy.name, copy.source]));
}

/** @param {DuplicateReport} report @returns {Map<string, number>} param name -> lr_mult that the first copy states for it */
export function firstRates(report) {
  const blobs = report.copies.filter((copy) => copy.copy_number === 1).flatMap((copy) => copy.blobs);
  return new Map(blobs.flatMap((blob) => (blob.group ? [[blob.group, blob.lr_mult]] : [])));
}

/** @param {Graph} graph @returns {Map<string, string[]>} param name -> layers that use it */
export function paramUsers(graph) {
  /** @type {Map<string, string[]>} */
  const users = new Map();
  for (const layer of graph.layers) {
    for (const blob of layer.blobs) {
      if (!blob.param) continue;
      users.set(blob.param, [...(users.get(blob.param) ?? []), layer.key]);
    }
  }
  return users;
}

/**
 * What the preview brings up that was not there before. Names are compared as they were before the copies got theirs, so
 * that what was said of a layer already is not said of each copy again.
 * @param {Graph} before @param {Graph} after @param {DuplicateReport} report
 * @returns {Diagnostic[]}
 */
export function newProblems(before, after, report) {
  const former = new Map(report.renamed.map((name) => [name.new, name.old]));
  const plain = (/** @type {string | null} */ text) => text?.replace(/[\w./-]+/g, (word) => former.get(word) ?? word);
  // "and 12 more" is no other warning than "and 6 more": what Caffe does not die of is told apart without its numbers
  const words = (/** @type {Diagnostic} */ d) => (d.severity === 'error' ? (d.caffe_message ?? d.message) : d.message.replace(/\b\d+\b/g, '#'));
  const id = (/** @type {Diagnostic} */ d) => [d.code, d.severity, plain(d.layer), plain(d.blob), plain(words(d))].join('\n');
  const known = new Set(before.diagnostics.map(id));
  const found = after.diagnostics.filter((diagnostic) => !known.has(id(diagnostic)));
  return [...found, ...noteProblems(report, found)];
}

const LOST = 'starts-from-filler';

/** @param {DuplicateReport} report @returns {string[]} layers outside and inside that no longer fit what is stored for them */
export function lostWeights(report) {
  return report.notes.flatMap(({ code, layer }) => (code === LOST && layer ? [layer] : []));
}

/**
 * What the operation itself has to say, as problems: what Caffe's findings do not say already. Lost weights are one.
 * @param {DuplicateReport} report @param {readonly Diagnostic[]} found
 * @returns {Diagnostic[]}
 */
function noteProblems(report, found) {
  const said = new Set(found.map(({ code }) => code));
  const told = new Set(); // of TRAIN and TEST namesakes one may be told what the other is
  const nowhere = { blob: null, line: null, column: null, end_line: null, end_column: null, states: [] };
  const notes = report.notes
    .filter(({ code, message }) => code !== LOST && !said.has(code) && told.size < told.add(message).size)
    .map(({ code, severity, message, caffe_message, layer, fixes }) => ({ ...nowhere, code, severity, message, caffe_message: caffe_message ?? null, layer, fixes: fixes ?? [] }));
  const lost = lostWeights(report);
  if (lost.length) notes.unshift({ ...nowhere, code: LOST, severity: 'warning', message: t.lost(lost), caffe_message: null, layer: null, fixes: [] });
  return notes;
}
