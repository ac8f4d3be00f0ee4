/** Which layers do not start from the caffemodel. Pure. */

/** @import {LayerCard} from "../../model/types.js" */

/**
 * @param {readonly Pick<LayerCard, "key" | "weights">[]} layers
 * @returns {{open: string[], clash: string[]}} keys of those left to their fillers, and of those that Caffe would refuse to load
 */
export function unloaded(layers) {
  const clash = layers.filter(({ weights }) => weights?.endsWith('clash'));
  const open = layers.filter((layer) => layer.weights !== null && layer.weights !== 'loads' && !clash.includes(layer));
  return { open: open.map(({ key }) => key), clash: clash.map(({ key }) => key) };
}
