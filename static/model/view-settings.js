/** How the net is shown, as the user finds it first. */

/** @type {Readonly<import('./types.js').ViewSettings>} */
export const DEFAULT_VIEW = Object.freeze({
  fold: true,
  direction: /** @type {const} */ ('down'),
  shares: /** @type {const} */ ('selected'),
  edgeLabels: /** @type {const} */ ('hover'),
  colour: /** @type {const} */ ('family'),
  wheel: /** @type {const} */ ('pan'),
  drag: /** @type {const} */ ('pan'),
  frames: true,
  minimap: true,
  longEdge: 8,
  collapsed: /** @type {ReadonlySet<string>} */ (new Set()),
});
