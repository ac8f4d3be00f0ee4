/** What is said at a port: the blob that goes through it, and what a wire that is let go there does. */

import { ports as t } from '../messages/canvas.js';
import { formatShape } from '../model/marks.js';

/** @typedef {import('../model/graph-model.js').GraphModel} GraphModel */
/** @typedef {import('./wiring.js').Port} Port */

/** @param {GraphModel} model @param {Port} port @returns {string} */
function blobAt(model, { side, key, index }) {
  const layer = model.layer(key);
  if (!layer) return '';
  if (side === 'out') return named(layer.tops[index]?.name ?? '', layer.tops[index]?.shape ?? null);
  const edges = model.edgesIn(key).filter((edge) => edge.bottom === index);
  const edge = edges.find(({ source }) => model.layer(source)?.active) ?? edges[0];
  const made = edge && model.layer(edge.source)?.tops[edge.top];
  return named(layer.bottoms[index] ?? '', made?.shape ?? null);
}

/** @param {string} blob @param {number[] | null} shape */
function named(blob, shape) {
  const text = formatShape(shape);
  return text ? `${blob}  ${text}` : blob;
}

/** @param {GraphModel} model @param {Port} port  under the pointer */
function portWords(model, port) {
  const blob = blobAt(model, port);
  const bottoms = model.layer(port.key)?.bottoms.length ?? 0;
  if (port.side === 'out') return blob;
  if (!blob) return bottoms ? t.another : t.first;
  return port.open ? t.open(blob) : blob;
}

/** @param {GraphModel} model @param {import('./wiring.js').Wire} wire @returns {string} what comes of it where it is now */
function wireWords(model, { port, moved }) {
  if (!port) return '';
  if (port.side === 'out') return blobAt(model, port);
  const layer = model.layer(port.key);
  const blob = layer?.bottoms[port.index];
  const number = (layer?.bottoms.length ?? 0) > 1 || port.index > 0 ? t.bottom(port.index + 1) : '';
  const instead = blob !== undefined && !port.open && !(moved?.target === port.key && moved.bottom === port.index) ? t.instead(blob) : '';
  return [number, instead].filter(Boolean).join(', ');
}

/**
 * Above a bottom, below a top, whichever way the net lies.
 * @param {GraphModel} model @param {Port | null} hot @param {import('./wiring.js').Wire | null} wire @param {number} zoom
 * @returns {{text: string, x: number, y: number} | null}
 */
export function portLabel(model, hot, wire, zoom) {
  const port = wire ? wire.port : hot;
  if (!port) return null;
  const text = wire ? wireWords(model, wire) : portWords(model, port);
  const away = (port.side === 'out' ? 22 : -22) / Math.min(1, zoom);
  return text ? { text, x: port.x, y: port.y + away } : null;
}
