/** Names, wires and order by keyboard and menu: each asks what it needs and runs one operation. */

/** @import {Session} from "../api/session.js" */
/** @import {LayerCard} from "../model/types.js" */
/** @import {Answer, Question} from "../panels/ask-dialog.js" */

import { drawing } from '../messages/drawing.js';
import { legalTargets } from '../model/wiring.js';

/** @typedef {(question: Question) => Promise<Answer | null>} Ask */

const t = drawing.ask;

/** The layer that a command is for: the one that the keyboard is on. @param {Session} session @returns {LayerCard | undefined} */
export function leading(session) {
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

/** @param {Session} session @param {Ask} ask */
export async function connectTo(session, ask) {
  const layer = leading(session);
  if (!layer || !layer.tops.length) return;
  const legal = legalTargets(session.model, layer.key, 0);
  const choices = session.graph.layers.filter(({ key }) => legal.has(key)).map(({ key, type }) => ({ value: key, hint: type }));
  const answer = await ask({ title: t.connect(layer.name), label: t.reader, action: t.connectAction, choices });
  if (answer) await session.run([{ op: 'connect', layer: answer.value, from_layer: layer.key }]);
}

/** @param {Session} session */
export async function toggleInPlace(session) {
  const layer = leading(session);
  if (layer) await session.run([{ op: 'set_in_place', layer: layer.key, in_place: !layer.in_place }]);
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
