/** A layer added at a place of the canvas: which types fit there, and what is done. */

/** @import {Session} from "../api/session.js" */
/** @import {CatalogueType, OperationResult} from "../api/types.js" */
/** @import {AddAt, Site} from "../canvas/add-at.js" */
/** @import {NetCanvas} from "../canvas/net-canvas.js" */
/** @import {AddLayer} from "../model/drawing-types.js" */

import { addOperation, fitsBetween, readsSomething, selectAdded } from './drawing.js';

/** @param {CatalogueType} type @param {Site} site */
export function fitsAt(type, site) {
  if ('edge' in site) return fitsBetween(type);
  if ('after' in site) return readsSomething(type);
  return 'alone' in site || (type.tops?.most ?? Infinity) >= 1;
}

/**
 * @param {Session} session @param {NetCanvas | null} canvas @param {CatalogueType} type @param {AddAt} place
 * @param {boolean} take  who reads that top is to read the new layer instead
 * @returns {Promise<OperationResult | null>}
 */
export async function addHere(session, canvas, type, { site, x, y }, take) {
  const first = session.graph.layers.length === 0; // the view comes to it, wherever it was asked for
  /** @type {AddLayer} */
  let operation = { op: 'add_layer', type: type.name };
  if ('edge' in site) operation = addOperation(session.model, type, { edge: site.edge });
  else if ('after' in site) operation = { ...operation, after: site.after, top: site.top, ...(take ? { take_readers: true } : {}) };
  else if ('feeds' in site) operation = { ...operation, feeds: site.feeds };
  const result = await session.run([operation]);
  if (!result) return null;
  const alone = 'alone' in site && !first;
  selectAdded(session, result, !alone);
  const [key] = result.report?.added ?? [];
  if (alone && key && canvas && x !== undefined && y !== undefined) {
    await canvas.put(key, x, y);
    canvas.reveal([key]); // asked for near the border, it would stand half outside
  }
  return result;
}
