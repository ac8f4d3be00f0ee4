/** Names, wires and order by keyboard and menu: each asks what it needs and runs one operation. */

/** @import {Session} from "../api/session.js" */
/** @import {Edge, LayerCard} from "../model/types.js" */
/** @import {Answer, Question} from "../panels/ask-dialog.js" */

import { drawing } from '../messages/drawing.js';
import { formatShape } from '../model/marks.js';
import { legalSources, legalTargets, openBottoms, takesMore } from '../model/wiring.js';

/** @typedef {(question: Question) => Promise<Answer | null>} Ask */

const t = drawing.ask;

/** The layer that a command is for: the one that the keyboard is on. @param {Session} session @returns {LayerCard | undefined} */
function leading(session) {
  const { selection } = session.model;
  const lead = selection.lead !== null && selection.has(selection.lead) ? session.model.layer(selection.lead) : undefined;
  return lead ?? session.selected[0];
}

/** @param {Session} session @param {Ask} ask */
export async function renameLayer(session, ask) {
  const layer = leading(session);
  if (!layer) return;
  const bears = layer.tops.some((top, i) => top.name === layer.name && layer.bottoms[i] !== top.name);
  const answer = await ask({
    title: t.renameLayer(layer.name),
    label: t.newName,
    action: t.rename,
    value: layer.name,
    ...(bears ? { check: t.blobToo } : {}),
  });
  if (!answer || answer.value === layer.name) return;
  const result = await session.run([{ op: 'rename_layer', layer: layer.key, to: answer.value, blobs: answer.checked }]);
  if (result) session.select(result.report?.changed.slice(0, 1) ?? []);
}

/** @param {Session} session @param {Ask} ask @param {string} [name]  by default the layer's first top */
export async function renameBlob(session, ask, name) {
  const blob = name ?? session.model.picked?.blob ?? leading(session)?.tops[0]?.name;
  if (blob === undefined) return;
  const answer = await ask({ title: t.renameBlob(blob), label: t.newName, action: t.rename, value: blob });
  if (answer && answer.value !== blob) await session.run([{ op: 'rename_blob', blob, to: answer.value }]);
}

/**
 * Draws an edge out of a layer, by list: which top where there are several, then which layer is to read it. With an edge
 * selected, its end is led to another layer.
 * @param {Session} session @param {Ask} ask
 */
export async function connectTo(session, ask) {
  const { model } = session;
  if (model.picked) return lead(session, ask, model.picked);
  const layer = leading(session);
  if (!layer || !layer.tops.length) return;
  const top = await whichTop(ask, layer);
  if (top === null) return;
  const answer = await ask({ title: t.connect(layer.tops[top].name), label: t.reader, action: t.connectAction, choices: layerChoices(session, legalTargets(model, layer.key, top)) });
  if (answer) await session.run([{ op: 'connect', layer: answer.value, from_layer: layer.key, top }]);
}

/** @param {Session} session @param {Ask} ask @param {Edge} edge */
async function lead(session, ask, edge) {
  const legal = legalTargets(session.model, edge.source, edge.top);
  legal.delete(edge.target);
  const answer = await ask({ title: t.lead(edge.blob), label: t.reader, action: t.connectAction, choices: layerChoices(session, legal) });
  if (!answer) return;
  const cut = /** @type {const} */ ({ op: 'disconnect', layer: edge.target, bottom: edge.bottom });
  const result = await session.run([cut, { op: 'connect', layer: answer.value, from_layer: edge.source, top: edge.top }]);
  if (result) session.select([answer.value], { reveal: true });
}

/** @param {Ask} ask @param {LayerCard} layer @returns {Promise<number | null>} */
async function whichTop(ask, { name, tops }) {
  if (tops.length === 1) return 0;
  const choices = tops.map((top) => ({ value: top.name, hint: formatShape(top.shape) }));
  const answer = await ask({ title: t.whichTop(name), label: t.top, action: t.next, choices });
  return answer ? tops.findIndex((top) => top.name === answer.value) : null;
}

/**
 * Draws an edge into a layer, by list: which bottom where there are several, then what it is to read.
 * @param {Session} session @param {Ask} ask @param {number} [bottom]
 */
export async function readFrom(session, ask, bottom) {
  const { model } = session;
  const layer = leading(session);
  if (!layer) return;
  const more = takesMore(model, layer);
  const [open] = openBottoms(model, layer);
  /** @type {number | null} null: a new one */
  let index = bottom ?? null;
  if (bottom === undefined && layer.bottoms.length + Number(more) > 1) {
    const choices = layer.bottoms.map((blob, i) => ({ value: `${i + 1} · ${blob}`, hint: openBottoms(model, layer).includes(i) ? t.open : t.instead }));
    if (more) choices.push({ value: t.another, hint: '' });
    const answer = await ask({ title: t.whichBottom(layer.name), label: t.bottom, action: t.next, choices });
    if (!answer) return;
    index = answer.value === t.another ? null : choices.findIndex(({ value }) => value === answer.value);
  } else if (bottom === undefined) index = open ?? (more ? null : layer.bottoms.length ? 0 : null);
  if (index === null && !more && !layer.bottoms.length) return;
  const legal = legalSources(model, layer.key);
  const tops = session.graph.layers.filter(({ key }) => legal.has(key)).flatMap(({ key, tops: made }) => made.map((top, i) => ({ key, i, top })));
  const choices = tops.map(({ key, i, top }) => ({ value: key === top.name ? key : `${top.name} · ${key}`, hint: formatShape(top.shape), key, i }));
  const answer = await ask({ title: t.readFrom(layer.name), label: t.source, action: t.connectAction, choices });
  const chosen = choices.find(({ value }) => value === answer?.value);
  if (chosen) await session.run([{ op: 'connect', layer: layer.key, bottom: index, from_layer: chosen.key, top: chosen.i }]);
}

/** @param {Session} session @param {ReadonlySet<string>} keys */
function layerChoices(session, keys) {
  return session.graph.layers.filter(({ key }) => keys.has(key)).map(({ key, type, tops }) => ({ value: key, hint: [type, formatShape(tops[0]?.shape ?? null)].filter(Boolean).join(' · ') }));
}

/** @param {Session} session */
export async function toggleInPlace(session) {
  const layer = leading(session);
  if (layer) await session.run([{ op: 'set_in_place', layer: layer.key, in_place: !layer.in_place }]);
}

/** One layer for TRAIN and one for TEST, of the same name and wires. @param {Session} session */
export async function splitPhases(session) {
  const layer = leading(session);
  const result = layer && (await session.run([{ op: 'split_phases', layer: layer.key }]));
  if (result?.report?.added.length) session.select(result.report.added, { reveal: true });
}

/** One place up or down in the file. @param {Session} session @param {-1 | 1} way */
export async function moveInFile(session, way) {
  const layer = leading(session);
  if (!layer) return;
  const { layers } = session.graph;
  const other = layers[layers.indexOf(layer) + way];
  if (!other) return;
  const where = way < 0 ? { before: other.key } : { after: other.key };
  await session.run([{ op: 'move_layer', layer: layer.key, ...where }]);
}
