/** Starting several layers from another caffemodel at once. */

/** @import {LayerCard, Operation} from "./types.js" */

/**
 * What starts layers from another caffemodel: each from the layer there that bears the name of the stored one which
 * it starts from now.
 *
 * @param {readonly LayerCard[]} layers @param {string} source @param {readonly string[]} others  all sources but the main
 * @returns {Operation[]}
 */
export function takeAll(layers, source, others) {
  return layers.flatMap((layer) => {
    if (!layer.blobs.length || !layer.origin) return [];
    const from = others.find((other) => layer.origin?.endsWith(` of ${other}`));
    const stored = from === undefined ? layer.origin : layer.origin.slice(0, -` of ${from}`.length);
    return [{ op: /** @type {const} */ ('take_weights'), layer: layer.key, from_layer: stored, source }];
  });
}
