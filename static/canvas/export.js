/** The net, or the selected layers of it, as a picture file: PNG or SVG. */

import { Camera } from './camera.js';
import { drawFrame } from './renderer.js';
import { SvgContext } from './svg-context.js';

/** @typedef {import('./view.js').CanvasView} CanvasView */
/** @typedef {import('./scene.js').Scene} Scene */
/** @typedef {import('./renderer.js').Frame} Frame */

const MARGIN = 32;
const MOST_SIDE = 16_000;
const MOST_AREA = 120e6;
/** Room for a group's sheets and a card's shadow, px. */
const AROUND = 10;

/**
 * @param {CanvasView} view @param {'png' | 'svg'} format @param {ReadonlySet<string> | null} keys  only these layers' cards
 * @returns {Promise<Blob>}
 */
export function exportPicture(view, format, keys) {
  const { scene } = view;
  if (!scene) return Promise.reject(new Error('no net is shown'));
  const { camera, only } = framed(scene, keys);
  return format === 'svg' ? svg(view, scene, camera, only) : png(view, scene, camera, only);
}

/** How large a PNG is drawn: 1 is the screen's size, below about a half names cannot be read. @param {CanvasView} view @param {ReadonlySet<string> | null} keys */
export function pngScale({ scene }, keys) {
  return scene ? scaleFor(framed(scene, keys).camera) : 1;
}

/** What a picture shows, and from where. @param {Scene} scene @param {ReadonlySet<string> | null} keys */
function framed(scene, keys) {
  const only = keys && new Set([...keys].map((key) => scene.set.cardOf.get(key)).filter((i) => i !== undefined));
  const box = only ? boundsOf(scene, only) : scene.bounds;
  const camera = new Camera();
  const width = box.maxX - box.minX + 2 * MARGIN;
  const height = box.maxY - box.minY + 2 * MARGIN;
  Object.assign(camera, { x: box.minX - MARGIN, y: box.minY - MARGIN, zoom: 1, width, height });
  return { camera, only };
}

/** Twice the screen's size where a picture may be that large, else as large as it may. @param {Camera} camera */
function scaleFor({ width, height }) {
  return Math.min(2, MOST_SIDE / width, MOST_SIDE / height, Math.sqrt(MOST_AREA / (width * height)));
}

/** @param {Scene} scene @param {ReadonlySet<number>} cards */
function boundsOf(scene, cards) {
  const box = { minX: Infinity, minY: Infinity, maxX: -Infinity, maxY: -Infinity };
  const grow = (/** @type {{x: number, y: number, width: number, height: number}} */ { x, y, width, height }) => {
    box.minX = Math.min(box.minX, x);
    box.minY = Math.min(box.minY, y);
    box.maxX = Math.max(box.maxX, x + width);
    box.maxY = Math.max(box.maxY, y + height);
  };
  for (const i of cards) {
    grow(scene.rect(i));
    for (const pill of scene.pillsOf[i]) grow(pill);
  }
  box.maxY += AROUND;
  return box;
}

/** @param {CanvasView} view @param {Scene} scene @param {Camera} camera @param {ReadonlySet<number> | null} only @param {number} scale @returns {Frame} */
function frameOf(view, scene, camera, only, scale) {
  const look = { ...view.look(), zoom: scale, selected: () => false, hover: null, focus: null };
  return {
    scene, camera, ratio: scale, look, drift: null, reach: 0, fade: null, strong: [], links: [],
    edgeLabel: null, edgeLabels: view.edgeLabelsIn(camera.view(), only), box: null, lasso: null, ports: [], port: null, wire: null, grid: false,
    frames: view.model.settings.frames, only,
  };
}

/** @param {CanvasView} view @param {Scene} scene @param {Camera} camera @param {ReadonlySet<number> | null} only @returns {Promise<Blob>} */
function png(view, scene, camera, only) {
  const { width, height } = camera;
  const scale = scaleFor(camera);
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.ceil(width * scale));
  canvas.height = Math.max(1, Math.ceil(height * scale));
  const context = canvas.getContext('2d', { alpha: false });
  if (!context) return Promise.reject(new Error('the browser gives no canvas'));
  drawFrame(context, frameOf(view, scene, camera, only, scale));
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('the picture is too large'))), 'image/png'),
  );
}

/** @param {CanvasView} view @param {Scene} scene @param {Camera} camera @param {ReadonlySet<number> | null} only @returns {Promise<Blob>} */
async function svg(view, scene, camera, only) {
  const context = new SvgContext((text, font) => view.meter.width(text, font), Math.ceil(camera.width), Math.ceil(camera.height));
  const frame = frameOf(view, scene, camera, only, 1);
  frame.around = (i, draw) => {
    const { kind, title, rows } = scene.set.cards[i];
    context.openGroup(kind === 'group' ? `${title}: ${rows.join(', ')}` : rows.join(', '));
    draw();
    context.closeGroup();
  };
  drawFrame(/** @type {CanvasRenderingContext2D} */ (/** @type {unknown} */ (context)), frame);
  return new Blob([context.document(view.model.graph.name || 'net')], { type: 'image/svg+xml' });
}
