/** Which hints are worth showing now, and whether any are wanted: kept in the browser. */

import { hints } from '../messages/canvas.js';

/** @typedef {import('../messages/canvas.js').Hint} Hint */

const KEY = 'netgraft.hints';

export function hintsWanted() {
  try {
    return localStorage.getItem(KEY) !== 'off';
  } catch {
    return true;
  }
}

/** All canvases hear of it. @param {boolean} wanted */
export function wantHints(wanted) {
  try {
    localStorage.setItem(KEY, wanted ? 'on' : 'off');
  } catch {
    // without storage they come back with the page
  }
  document.dispatchEvent(new CustomEvent('ng-hints', { detail: wanted }));
}

/** What the next press does, most of all. @param {import('./view.js').CanvasView} view @returns {readonly Hint[]} */
export function hintsFor(view) {
  const { model, scene, wiring, keyboard } = view;
  const { selection, settings } = model;
  const { wire } = wiring;
  if (wire) {
    if (wire.choices.length > 1) return hints.overGroup;
    if (wire.target !== null) return hints.over(wire.from.side === 'out' ? `${wire.from.key} to ${wire.target}` : `${wire.target} to ${wire.from.key}`);
    return wire.moved ? hints.rewire : hints.wire;
  }
  if (view.held) return hints.move;
  if (model.readOnly) return hints.read;
  if (model.graph.layers.length === 0) return hints.empty;
  if (view.port) return hints.port;
  if (model.picked) return keyboard ? hints.edgeByKeys : hints.edge;
  if (selection.size === 0) return settings.drag === 'pan' ? hints.idle : hints.box;
  const [first] = selection.keys;
  const card = scene?.set.cardOf.get(first);
  if (scene && card !== undefined && scene.boxes[card].group && scene.set.cards[card].rows.length === selection.size) return hints.group;
  if (selection.size > 1) return hints.many;
  return keyboard ? hints.oneByKeys : hints.one;
}
