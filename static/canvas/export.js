/** The whole net as a picture file. */

import { Camera } from './camera.js';
import { drawFrame } from './renderer.js';

const MARGIN = 32;
const MOST_SIDE = 16_000;
const MOST_AREA = 120e6;

/** At twice the screen's size where a picture may be that large, else as large as it may. @param {import('./view.js').CanvasView} view @returns {Promise<Blob>} */
export function exportPNG(view) {
  const { scene } = view;
  if (!scene) return Promise.reject(new Error('no net is shown'));
  const width = scene.bounds.maxX - scene.bounds.minX + 2 * MARGIN;
  const height = scene.bounds.maxY - scene.bounds.minY + 2 * MARGIN;
  const scale = Math.min(2, MOST_SIDE / width, MOST_SIDE / height, Math.sqrt(MOST_AREA / (width * height)));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.ceil(width * scale));
  canvas.height = Math.max(1, Math.ceil(height * scale));
  const context = canvas.getContext('2d', { alpha: false });
  if (!context) return Promise.reject(new Error('the browser gives no canvas'));
  const camera = new Camera();
  Object.assign(camera, { x: scene.bounds.minX - MARGIN, y: scene.bounds.minY - MARGIN, zoom: 1, width, height });
  const look = { ...view.look(), zoom: scale, selected: () => false, hover: null, focus: null };
  drawFrame(context, {
    scene, camera, ratio: scale, look, drift: null, reach: 0, fade: null, strong: [], links: [],
    edgeLabel: null, edgeLabels: [], box: null, lasso: null, ports: [], port: null, wire: null, grid: false, frames: view.model.settings.frames,
  });
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('the picture is too large'))), 'image/png'),
  );
}
