/** Colour by effective learning rate: from frozen over slow and one to fast. */

import { mix } from './colour.js';

/** @param {import('../model/types.js').LayerCard} layer @param {import('./theme.js').Theme} theme @returns {string} */
export function heatColour(layer, { colour }) {
  if (layer.blobs.length === 0 || layer.type === 'BatchNorm') return colour.border; // nothing to learn
  const { lr } = layer.blobs[0];
  if (lr === 0) return colour['rate-frozen'];
  const steps = Math.max(-1, Math.min(1, Math.log10(lr) / 2)); // two decades either way
  if (steps < 0) return mix(colour['rate-one'], colour['rate-slow'], -steps);
  return steps < 0.5 ? mix(colour['rate-one'], colour['rate-fast'], steps * 2) : mix(colour['rate-fast'], colour['rate-fastest'], steps * 2 - 1);
}
