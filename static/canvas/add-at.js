/** Asking for a layer to be added at a place of the canvas. Types only, and the one event. */

/**
 * @typedef {{alone: true} | {edge: number} | {after: string, top: number} | {feeds: {layer: string, bottom: number | null}}} Site
 *   on the ground, on an edge of the graph, behind a layer's top, or for a bottom
 * @typedef {object} AddAt
 * @property {number} clientX
 * @property {number} clientY
 * @property {number} [x]  world
 * @property {number} [y]
 * @property {Site} site
 */

/** @param {HTMLElement} host @param {AddAt} detail */
export function askToAdd(host, detail) {
  host.dispatchEvent(new CustomEvent('add-at', { detail, bubbles: true, composed: true }));
}
