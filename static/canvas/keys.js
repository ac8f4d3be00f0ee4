/** The canvas's keyboard: what each key does, as a table that the keyboard map of the page lists too. */

import { keys as t } from '../messages/canvas.js';
import { clientPointOf, goToEnd, leaveEdge, walkEdges } from './edge-walk.js';
import { toggleGroup } from '../model/collapse.js';
import { moveFurther } from './moved.js';
import { step } from './navigate.js';

/** @typedef {import('./view.js').CanvasView} CanvasView */
/**
 * @typedef {object} KeyCommand
 * @property {string[]} keys  as KeyboardEvent.key, with 'Ctrl+' (Ctrl or Cmd) and 'Shift+' before it
 * @property {string} title
 * @property {boolean} [edge]  only while an edge is selected, and before what the key does else
 * @property {(view: CanvasView, host: HTMLElement) => void} run
 */

const STEP = 1.25;

/** @param {CanvasView} view @param {import('./navigate.js').Way} way @param {boolean} extend */
function go(view, way, extend) {
  const { selection, graph } = view.model;
  if (!view.scene || graph.layers.length === 0) return;
  const from = selection.lead;
  const next = from === null ? graph.layers[0].key : step(view.scene, from, way);
  if (next === null) return;
  if (extend) selection.add([next], next);
  else selection.set([next]);
  view.reveal([next]);
}

/** @param {CanvasView} view @param {number} index */
function goTo(view, index) {
  const layer = view.model.graph.layers.at(index);
  if (!layer) return;
  view.model.selection.set([layer.key]);
  view.reveal([layer.key]);
}

/** @param {CanvasView} view @param {HTMLElement} host @param {string} name @param {object} [more] */
function tell(view, host, name, more = {}) {
  const key = view.model.selection.lead;
  if (key === null) return;
  host.dispatchEvent(new CustomEvent(name, { detail: { key, ...more }, bubbles: true, composed: true }));
}

const NUDGE = 24;

/** Moves the selected cards a little. @param {CanvasView} view @param {HTMLElement} host @param {number} dx @param {number} dy */
function nudge(view, host, dx, dy) {
  const { scene, model } = view;
  if (!scene || model.selection.size === 0) return;
  const ids = new Set([...model.selection.keys].map((key) => scene.set.cards[scene.set.cardOf.get(key) ?? 0].id));
  model.setMoves(scene.direction, moveFurther(model.moves[scene.direction], ids, dx, dy));
  host.dispatchEvent(new CustomEvent('moved', { bubbles: true, composed: true }));
}

/** @param {CanvasView} view @param {HTMLElement} host */
function edgeMenu(view, host) {
  const { picked } = view.model;
  const at = picked && clientPointOf(view, picked);
  if (at) host.dispatchEvent(new CustomEvent('context', { detail: { key: null, ...at }, bubbles: true, composed: true }));
}

/** With an edge selected: across the flow to its neighbours, along it to the layers at its ends. @param {'Up' | 'Down' | 'Left' | 'Right'} name @param {CanvasView} view */
function alongEdge(name, view) {
  const right = view.scene?.direction === 'right';
  if (name === (right ? 'Left' : 'Up')) goToEnd(view, 'source');
  else if (name === (right ? 'Right' : 'Down')) goToEnd(view, 'target');
  else view.say(walkEdges(view, name === 'Up' || name === 'Left' ? -1 : 1));
}

/** @param {CanvasView} view */
function foldGroup(view) {
  const { lead } = view.model.selection;
  if (lead === null || !toggleGroup(view.model, lead)) return;
  void view.placed().then(() => view.reveal([lead]));
}

/** @type {readonly KeyCommand[]} */
export const CANVAS_KEYS = [
  ...(/** @type {const} */ (['Up', 'Down', 'Left', 'Right']).map((name) => ({
    keys: [`Arrow${name}`],
    edge: true,
    title: name === 'Left' || name === 'Right' ? t.edgeBeside : t.edgeEnd,
    run: (/** @type {CanvasView} */ view) => alongEdge(name, view),
  }))),
  { keys: ['Enter', 'Shift+F10', 'ContextMenu'], edge: true, title: t.edgeMenu, run: edgeMenu },
  { keys: ['Escape'], edge: true, title: t.edgeLeave, run: (view) => leaveEdge(view) },
  { keys: ['g', 'G'], title: t.group, run: (view) => foldGroup(view) },
  { keys: ['e'], title: t.walk, run: (view) => view.say(walkEdges(view, 1)) },
  { keys: ['E'], title: t.walkBack, run: (view) => view.say(walkEdges(view, -1)) },
  ...(/** @type {const} */ (['Up', 'Down', 'Left', 'Right']).flatMap((name) => {
    const way = /** @type {import('./navigate.js').Way} */ (name.toLowerCase());
    return [
      { keys: [`Arrow${name}`], title: t.go[way], run: (/** @type {CanvasView} */ view) => go(view, way, false) },
      { keys: [`Shift+Arrow${name}`], title: t.goToo(t.go[way]), run: (/** @type {CanvasView} */ view) => go(view, way, true) },
    ];
  })),
  { keys: ['Home'], title: t.first, run: (view) => goTo(view, 0) },
  { keys: ['End'], title: t.last, run: (view) => goTo(view, -1) },
  { keys: ['PageDown'], title: t.page, run: (view) => view.page(1) },
  { keys: ['PageUp'], title: t.pageBack, run: (view) => view.page(-1) },
  { keys: ['Enter'], title: t.open, run: (view, host) => tell(view, host, 'layer-open') },
  {
    keys: ['Shift+F10', 'ContextMenu'],
    title: t.menu,
    run: (view, host) => {
      const rect = view.model.selection.lead === null ? null : view.clientRectOf(view.model.selection.lead);
      if (rect) tell(view, host, 'context', { clientX: rect.x + rect.width / 2, clientY: rect.y + rect.height / 2 });
    },
  },
  ...(/** @type {const} */ ([['Up', 0, -1], ['Down', 0, 1], ['Left', -1, 0], ['Right', 1, 0]]).map(([name, dx, dy]) => ({
    keys: [`Alt+Shift+Arrow${name}`],
    title: t.nudge,
    run: (/** @type {CanvasView} */ view, /** @type {HTMLElement} */ host) => nudge(view, host, dx * NUDGE, dy * NUDGE),
  }))),
  { keys: ['t', 'T'], title: t.tidy, run: (_, host) => /** @type {import('./net-canvas.js').NetCanvas} */ (host).tidy() },
  { keys: ['Escape'], title: t.nothing, run: (view) => (view.model.pick(null), view.model.selection.clear()) },
  { keys: ['Ctrl+a'], title: t.all, run: (view) => view.model.selection.all() },
  { keys: ['['], title: t.upstream, run: (view) => view.model.selection.upstream() },
  { keys: [']'], title: t.downstream, run: (view) => view.model.selection.downstream() },
  { keys: ['+', '='], title: t.zoomIn, run: (view) => view.zoomBy(STEP) },
  { keys: ['-', '_'], title: t.zoomOut, run: (view) => view.zoomBy(1 / STEP) },
  { keys: ['1'], title: t.actual, run: (view) => view.zoomBy(1 / view.camera.zoom) },
  { keys: ['0'], title: t.home, run: (view) => view.home(true) },
  { keys: ['f', 'F'], title: t.fit, run: (view) => view.fit(view.model.selection.size > 1 ? view.model.selection.keys : null) },
];

/** @param {KeyboardEvent} event @param {CanvasView} view @param {HTMLElement} host @returns {boolean} whether the key was taken */
export function handleKey(event, view, host) {
  if (event.altKey && !event.shiftKey) return false;
  const control = event.ctrlKey || event.metaKey ? 'Ctrl+' : '';
  const shift = event.shiftKey && event.key.length > 1 ? 'Shift+' : '';
  const name = `${event.altKey ? 'Alt+' : ''}${control}${shift}${event.key}`;
  const onEdge = view.model.picked !== null;
  const command = CANVAS_KEYS.find(({ keys, edge }) => keys.includes(name) && (!edge || onEdge));
  if (!command) return false;
  command.run(view, host);
  return true;
}
