/** Drawing a net: what a gesture means as operations, and what is selected after it. */

/** @import {Session} from "../api/session.js" */
/** @import {CatalogueType, OperationResult} from "../api/types.js" */
/** @import {GraphModel} from "../model/graph-model.js" */
/** @import {AddLayer} from "../model/drawing-types.js" */
/** @import {Ask} from "./wiring.js" */

import { drawing } from '../messages/drawing.js';

const t = drawing.ask;

/** Whether a layer of this type can stand on an edge: it reads one blob and makes something of it. @param {CatalogueType} type */
export function fitsBetween({ bottoms, tops }) {
  return (bottoms?.least ?? 1) <= 1 && (bottoms?.most ?? Infinity) >= 1 && (tops?.most ?? Infinity) >= 1;
}

/** Whether a layer of this type reads anything. @param {CatalogueType} type */
export function readsSomething({ bottoms }) {
  return (bottoms?.most ?? Infinity) >= 1;
}

/**
 * Where a new layer goes: on an edge of the graph, after a layer, or by itself. Without any of these, on the
 * selected edge or after the selection.
 * @typedef {{edge?: number, layer?: string, alone?: boolean, take?: boolean}} Site
 */

/**
 * @param {GraphModel} model @param {CatalogueType} type @param {Site} site
 * @returns {AddLayer}
 */
export function addOperation(model, type, site) {
  /** @type {AddLayer} */
  const operation = { op: 'add_layer', type: type.name };
  const nowhere = site.layer === undefined && !site.alone;
  const edge = site.edge !== undefined ? model.graph.edges[site.edge] : nowhere && fitsBetween(type) ? model.picked : null;
  if (edge) return { ...operation, between: { target: edge.target, blob: edge.blob, bottom: edge.bottom } };
  if (site.alone) return operation;
  const least = type.bottoms?.least ?? 1;
  const most = type.bottoms?.most ?? Infinity;
  const chosen = site.layer === undefined ? model.selection.ordered() : [site.layer];
  if (most === 0) return operation;
  const read = [...new Set(chosen.map((key) => model.layer(key)?.tops[0]?.name))].filter((blob) => blob !== undefined);
  if (read.length > 1 && (least > 1 || most > 1)) return { ...operation, bottoms: read.slice(0, most) };
  const last = site.layer ?? (model.selection.lead !== null && chosen.includes(model.selection.lead) ? model.selection.lead : chosen.at(-1));
  if (last === undefined) return operation;
  return site.take ? { ...operation, after: last, take_readers: true } : { ...operation, after: last };
}

/**
 * Adds a layer and selects it.
 * @param {Session} session @param {CatalogueType} type @param {Site} site @returns {Promise<OperationResult | null>}
 */
export async function addLayer(session, type, site) {
  const result = await session.run([addOperation(session.model, type, site)]);
  if (result) selectAdded(session, result, !site.alone);
  return result;
}

/** @param {Session} session @param {OperationResult} result @param {boolean} [reveal] */
export function selectAdded(session, result, reveal = true) {
  const added = result.report?.added ?? [];
  if (added.length) session.select(added, { reveal });
}

/**
 * A wire was drawn on the canvas: tied, taken off, or both in one step. Where it was dropped on a collapsed group, the
 * layer of it is asked for.
 * @param {Session} session @param {Ask} ask @param {import("../canvas/wiring.js").Drawn} drawn
 */
export async function wire(session, ask, { tie, cut, choice }) {
  const end = tie ?? (choice && (await chosenEnd(session, ask, choice)));
  if (!end && choice) return null;
  /** @type {import("../model/types.js").Operation[]} */
  const operations = [];
  if (cut) operations.push({ op: 'disconnect', ...cut });
  if (end) operations.push({ op: 'connect', layer: end.layer, bottom: end.bottom, from_layer: end.from, top: end.top });
  return session.run(operations);
}

/** @param {Session} session @param {Ask} ask @param {import("../canvas/wiring.js").Choice} choice */
async function chosenEnd({ model }, ask, { end, layers, tie }) {
  const reader = end === 'reader';
  const answer = await ask({
    title: reader ? t.connect(tie.from) : t.readFrom(tie.layer),
    label: reader ? t.reader : t.source,
    action: t.connectAction,
    choices: layers.map((key) => ({ value: key, hint: model.layer(key)?.type })),
  });
  return answer && { ...tie, [reader ? 'layer' : 'from']: answer.value };
}

/** The selected edge goes, its reader stays and is selected, to be wired anew. @param {Session} session */
export async function cutPicked(session) {
  const { picked } = session.model;
  if (!picked) return null;
  const result = await session.run([{ op: 'disconnect', layer: picked.target, bottom: picked.bottom }]);
  if (result && !session.selection.size) session.select([picked.target]);
  return result;
}
