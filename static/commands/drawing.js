/** Drawing a net: what a gesture means as operations, and what is selected after it. */

/** @import {Session} from "../api/session.js" */
/** @import {CatalogueType, OperationResult} from "../api/types.js" */
/** @import {GraphModel} from "../model/graph-model.js" */
/** @import {AddLayer} from "../model/drawing-types.js" */

/**
 * Where a new layer goes: on an edge of the graph, after a layer, or by itself. Without any of these, after the selection.
 * @typedef {{edge?: number, layer?: string, alone?: boolean, take?: boolean}} Site
 */

/**
 * @param {GraphModel} model @param {CatalogueType} type @param {Site} site
 * @returns {AddLayer}
 */
export function addOperation(model, type, site) {
  /** @type {AddLayer} */
  const operation = { op: 'add_layer', type: type.name };
  if (site.edge !== undefined) {
    const { target, blob, bottom } = model.graph.edges[site.edge];
    return { ...operation, between: { target, blob, bottom } };
  }
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
 * A wire was drawn on the canvas: tied, taken off, or both in one step.
 * @param {Session} session @param {{tie: import("../canvas/wiring.js").Tie | null, cut: import("../canvas/wiring.js").Cut | null}} wire
 */
export async function wire(session, { tie, cut }) {
  /** @type {import("../model/types.js").Operation[]} */
  const operations = [];
  if (cut) operations.push({ op: 'disconnect', ...cut });
  if (tie) operations.push({ op: 'connect', layer: tie.layer, bottom: tie.bottom, from_layer: tie.from, top: tie.top });
  return session.run(operations);
}

/** The selected edge goes, its reader stays. @param {Session} session */
export async function cutPicked(session) {
  const { picked } = session.model;
  return picked && session.run([{ op: 'disconnect', layer: picked.target, bottom: picked.bottom }]);
}
