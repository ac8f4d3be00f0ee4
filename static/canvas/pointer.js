/** Mouse, pen, touch and wheel on the canvas: click, range, toggle, box, pan, zoom about the pointer. */

import { setCollapsed } from '../model/collapse.js';
import { askToAdd } from './add-at.js';
import { EdgePan } from './edge-pan.js';
import { hitTest, layersIn } from './hit.js';
import { layersWithin } from './lasso.js';
import { LongPress } from './long-press.js';
import { moveFurther } from './moved.js';

/** @typedef {import('./view.js').CanvasView} CanvasView */
/** @typedef {import('./hit.js').Hit} Hit */
/**
 * @typedef {object} Press  a button held down
 * @property {number} id
 * @property {number} x  screen; where the last movement led
 * @property {number} y
 * @property {'click' | 'pan' | 'box' | 'lasso' | 'wire' | 'move'} mode
 * @property {Hit | null} hit
 * @property {boolean} moved
 * @property {number} wx  world; where it began
 * @property {number} wy
 * @property {Set<string>} keep  what a box adds to
 * @property {{chosen: string[], lead: string | null, place: {x: number, y: number, zoom: number}}} before  to go back to
 */

const SLACK = 4;
const WHEEL_ZOOM = 0.0022;

export class PointerControl {
  /** @type {Press | null} */
  #press = null;
  /** @type {Map<number, {x: number, y: number}>} */
  #touches = new Map();
  #space = false;
  /** @type {Set<number>} cards that are dragged */
  #held = new Set();
  /** @type {import('../model/types.js').CardSet | null} of which these are */
  #heldOf = null;
  /** @type {import('./wiring.js').Port | null} where a wire is drawn out of */
  #wired = null;
  /** Where the pointer was last, screen. */
  #last = { x: 0, y: 0 };
  #pan;
  #long = new LongPress();

  /** @param {CanvasView} view @param {HTMLCanvasElement} canvas @param {HTMLElement} host */
  constructor(view, canvas, host) {
    this.view = view;
    this.canvas = canvas;
    this.host = host;
    this.#pan = new EdgePan(view, () => this.#follow());
    canvas.addEventListener('pointerdown', (event) => this.#down(event));
    canvas.addEventListener('pointermove', (event) => this.#move(event));
    canvas.addEventListener('pointerup', (event) => this.#up(event));
    canvas.addEventListener('pointercancel', (event) => this.#cancel(event));
    canvas.addEventListener('pointerleave', () => this.#press || this.#leave());
    canvas.addEventListener('dblclick', (event) => this.#double(event));
    canvas.addEventListener('contextmenu', (event) => this.#context(event));
    canvas.addEventListener('wheel', (event) => this.#wheel(event), { passive: false });
  }

  /** Space held: drag pans, wherever it starts. @param {boolean} held */
  holdSpace(held) {
    this.#space = held;
    if (!this.#press) this.canvas.dataset.cursor = held ? 'pan' : '';
  }

  /** @param {MouseEvent} event */
  #at(event) {
    const box = this.canvas.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }

  /** Where the pointer is, or the nearest place within the canvas: what is dragged stays in view. @param {MouseEvent} event */
  #within(event) {
    const { x, y } = this.#at(event);
    const { width, height } = this.view.camera;
    return { x: Math.max(0, Math.min(width, x)), y: Math.max(0, Math.min(height, y)) };
  }

  /** @param {MouseEvent} event */
  #hit(event) {
    const { x, y } = this.#at(event);
    const world = this.view.camera.toWorld(x, y);
    return this.view.scene ? hitTest(this.view.scene, world.x, world.y, this.view.camera.zoom) : null;
  }

  /** @param {PointerEvent} event */
  #down(event) {
    const { x, y } = this.#at(event);
    this.view.takeFocus();
    this.view.host.hush();
    if (event.pointerType === 'touch') {
      this.#touches.set(event.pointerId, { x, y });
      if (this.#touches.size > 1) {
        this.#long.cancel();
        if (this.#press?.mode === 'pan') this.#over(); // the pinch goes on from there
        else this.abandon();
        this.#press = null;
      }
    }
    if (this.#press || event.button > 1 || this.#touches.size > 1) return;
    this.canvas.setPointerCapture(event.pointerId);
    event.preventDefault();
    this.view.stopFlight();
    const world = this.view.camera.toWorld(x, y);
    const { selection } = this.view.model;
    const before = { chosen: [...selection.keys], lead: selection.lead, place: this.view.camera.place() };
    this.#long.begin(event, (pressed) => this.#context(pressed));
    // With a key held, a click chooses, near a port as everywhere.
    const chosen = event.shiftKey || event.ctrlKey || event.metaKey;
    const port = event.button === 0 && !chosen && !this.#space ? this.view.wiring.at(world.x, world.y) : null;
    if (port) {
      this.#press = { id: event.pointerId, x, y, mode: 'wire', hit: null, moved: false, wx: world.x, wy: world.y, keep: new Set(), before };
      this.#wired = port;
      return;
    }
    const hit = this.#hit(event);
    const boxes = (this.view.model.settings.drag === 'select' && hit === null) !== event.shiftKey;
    const ground = hit === null || hit.kind === 'edge' || hit.kind === 'frame';
    const lassoes = event.altKey || (this.view.model.settings.drag === 'lasso' && ground && !event.shiftKey);
    const drags = this.view.compact ? 'click' : lassoes ? 'lasso' : boxes ? 'box' : 'click';
    const mode = event.button === 1 || this.#space ? 'pan' : drags;
    const keep = event.ctrlKey || event.metaKey ? new Set(selection.keys) : new Set();
    this.#press = { id: event.pointerId, x, y, mode, hit, moved: false, wx: world.x, wy: world.y, keep, before };
    if (mode === 'pan') this.canvas.dataset.cursor = 'panning';
  }

  /** @param {PointerEvent} event */
  #move(event) {
    const { x, y } = this.#at(event);
    if (this.#touches.size > 1 && this.#touches.has(event.pointerId)) {
      this.#pinch(event.pointerId, x, y);
      return;
    }
    if (this.#touches.has(event.pointerId)) this.#touches.set(event.pointerId, { x, y }); // a pinch begins where the finger is
    const press = this.#press;
    if (!press) {
      if (event.pointerType !== 'touch') this.#hover(event, x, y);
      return;
    }
    if (press.id !== event.pointerId) return;
    if (!press.moved && Math.hypot(x - press.x, y - press.y) < SLACK) return;
    if (this.#long.fired) return;
    if (!press.moved) {
      press.moved = true;
      this.#long.cancel();
      this.view.point(null);
      this.#pan.view = this.view;
      if (press.mode === 'click') press.mode = this.#grab(press) ? 'move' : 'pan';
      // what others change waits until the hand is free
      this.view.model.hold(press.mode !== 'pan');
      if (press.mode === 'wire' && this.#wired) this.view.wiring.begin(this.#wired, press.wx, press.wy);
      this.canvas.dataset.cursor = press.mode === 'box' || press.mode === 'lasso' ? 'box' : 'panning';
    }
    if (press.mode === 'pan') {
      this.view.panBy(press.x - x, press.y - y);
      press.x = x;
      press.y = y;
      return;
    }
    this.#last = press.mode === 'move' ? this.#within(event) : { x, y };
    this.#follow();
    this.#pan.at(x, y);
  }

  /** What is dragged goes where the pointer is, whether the pointer or the view moved. */
  #follow() {
    const press = this.#press;
    if (!press) return;
    const { x, y } = this.#last;
    if (press.mode === 'wire') {
      const world = this.view.camera.toWorld(x, y);
      this.view.wiring.move(world.x, world.y);
    } else if (press.mode === 'move') this.#drag(press, x, y);
    else if (press.mode === 'lasso') this.#lasso(press, x, y);
    else if (press.mode === 'box') this.#box(press, x, y);
  }

  /** A card is taken hold of, and with it all selected ones if it is one of them. @param {Press} press */
  #grab(press) {
    const { scene, model, compact } = this.view;
    const card = press.hit?.kind === 'row' || press.hit?.kind === 'card' ? press.hit.card : null;
    if (!scene || card === null || compact || model.readOnly) return false;
    const { rows } = scene.set.cards[card];
    const chosen = rows.some((key) => model.selection.has(key)) ? [...model.selection.keys] : rows;
    this.#heldOf = scene.set;
    this.#held = new Set([card, ...chosen.map((key) => scene.set.cardOf.get(key) ?? card)]);
    return true;
  }

  /** @param {Press} press @param {number} x @param {number} y */
  #drag(press, x, y) {
    const { scene } = this.view;
    if (scene?.set !== this.#heldOf) this.abandon(); // deleted, undone: what was dragged is no more
    if (!scene || !this.#press) return;
    const world = this.view.camera.toWorld(x, y);
    const dx = new Float64Array(scene.boxes.length);
    const dy = new Float64Array(scene.boxes.length);
    for (const card of this.#held) {
      dx[card] = world.x - press.wx;
      dy[card] = world.y - press.wy;
    }
    this.view.held = { drift: { dx, dy }, reach: Math.hypot(world.x - press.wx, world.y - press.wy) };
    this.view.invalidate();
  }

  /** The cards stay where they were dragged to. @param {Press} press @param {PointerEvent} event */
  #put(press, event) {
    const { scene, model, camera } = this.view;
    const { x, y } = this.#within(event);
    const world = camera.toWorld(x, y);
    this.view.held = null;
    if (!scene || scene.set !== this.#heldOf) return;
    const ids = [...this.#held].map((card) => scene.set.cards[card].id);
    const { direction } = scene;
    model.setMoves(direction, moveFurther(model.moves[direction], ids, world.x - press.wx, world.y - press.wy));
    this.host.dispatchEvent(new CustomEvent('moved', { bubbles: true, composed: true }));
  }

  /** @param {Press} press @param {number} x @param {number} y */
  #lasso(press, x, y) {
    const { view } = this;
    const line = (view.lasso ??= [{ x: press.wx, y: press.wy }]);
    line.push(view.camera.toWorld(x, y));
    view.invalidate();
    if (view.scene) view.model.selection.set([...press.keep, ...layersWithin(view.scene, line)]);
  }

  /** @param {Press} press @param {number} x @param {number} y */
  #box(press, x, y) {
    const world = this.view.camera.toWorld(x, y);
    const box = {
      minX: Math.min(press.wx, world.x),
      minY: Math.min(press.wy, world.y),
      maxX: Math.max(press.wx, world.x),
      maxY: Math.max(press.wy, world.y),
    };
    this.view.setBox(box);
    if (this.view.scene) this.view.model.selection.set([...press.keep, ...layersIn(this.view.scene, box)]);
  }

  /** @param {PointerEvent} event */
  #up(event) {
    this.#touches.delete(event.pointerId);
    const press = this.#press;
    if (!press || press.id !== event.pointerId) return;
    this.#over();
    if (press.mode === 'move') this.#put(press, event);
    else if (press.mode === 'wire') this.#letGo(press, event);
    else if (!press.moved && press.mode !== 'pan' && !this.#long.fired) this.#click(event, press.hit);
    this.view.model.hold(false);
  }

  /** The button is up, or the gesture is left. */
  #over() {
    this.#press = null;
    this.#long.cancel();
    this.#pan.stop();
    this.canvas.dataset.cursor = this.#space ? 'pan' : '';
    this.view.setBox(null);
    this.view.lasso = null;
  }

  /** The wire ends here: the page makes an operation of it; on nothing, asks for a layer. @param {Press} press @param {PointerEvent} event */
  #letGo(press, event) {
    this.view.port = null;
    const { wire } = this.view.wiring;
    const loose = wire && !wire.moved && wire.target === null && press.moved && this.#hit(event) === null;
    const detail = this.view.wiring.end();
    if (loose) this.#ask(event, this.view.wiring.siteOf(wire.from));
    else if (detail) this.host.dispatchEvent(new CustomEvent('wire', { detail, bubbles: true, composed: true }));
    else if (!press.moved && this.#wired) this.view.model.selection.set([this.#wired.key]);
  }

  /** Leaves the gesture that is under way, and what it did; whether there was one. */
  abandon() {
    const press = this.#press;
    const { view } = this;
    if (!press?.moved && !view.wiring.wire && !view.held) return false;
    this.#over();
    if (press?.mode === 'box' || press?.mode === 'lasso') view.model.selection.set(press.before.chosen, press.before.lead);
    if (press?.moved) view.goTo(press.before.place, false);
    view.held = null;
    view.wiring.cancel();
    view.model.hold(false);
    return true;
  }

  /** @param {PointerEvent} event */
  #cancel(event) {
    this.#over();
    this.view.held = null;
    this.view.wiring.cancel();
    this.view.model.hold(false);
    this.#touches.delete(event.pointerId);
  }

  /** @param {PointerEvent} event @param {Hit | null} hit */
  #click(event, hit) {
    const { model, scene } = this.view;
    const { selection } = model;
    if (!scene || this.view.compact) return;
    const toggles = event.ctrlKey || event.metaKey;
    if (hit?.kind === 'row') {
      if (toggles) selection.toggle([hit.key]);
      else if (event.shiftKey && selection.anchor !== null) this.#range(selection.anchor, hit.key);
      else selection.set([hit.key]);
    } else if (hit?.kind === 'card') {
      const rows = scene.set.cards[hit.card].rows;
      if (toggles) selection.toggle(rows);
      else if (event.shiftKey) selection.add(rows, rows[0]);
      else selection.set(rows, rows[0]);
    } else if (hit?.kind === 'frame') {
      if (toggles) selection.toggle(hit.keys);
      else selection.set(hit.keys, hit.keys[0]);
    } else if (hit?.kind === 'pill') {
      this.view.followPill(hit.pill);
    } else if (hit?.kind === 'edge') {
      const edge = model.graph.edges[scene.set.edges[hit.edge].edge];
      if (toggles || event.shiftKey) selection.add([edge.source, edge.target]);
      else model.pick(edge);
    } else if (!toggles && !event.shiftKey) {
      selection.clear();
      model.pick(null);
    }
  }

  /** Shift-click: all on the way from the anchor to here; where no way leads, this one too. @param {string} anchor @param {string} key */
  #range(anchor, key) {
    const { selection } = this.view.model;
    selection.between(anchor, key);
    selection.anchor = anchor;
  }

  /** @param {MouseEvent} event */
  #double(event) {
    const hit = this.#hit(event);
    const { model, scene } = this.view;
    if (this.view.compact) return;
    if (!hit || hit.kind === 'frame' || !scene) return this.#ask(event, { alone: true });
    if (hit.kind === 'card' && scene.boxes[hit.card].group) {
      setCollapsed(model, scene.set.cards[hit.card].id, false);
      return;
    }
    if (hit.kind === 'edge') {
      const { edge } = scene.set.edges[hit.edge];
      model.pick(model.graph.edges[edge]);
      return this.#ask(event, { edge });
    }
    const key = hit.kind === 'row' ? hit.key : hit.kind === 'card' ? scene.set.cards[hit.card].rows[0] : null;
    if (key !== null) this.host.dispatchEvent(new CustomEvent('layer-open', { detail: { key }, bubbles: true, composed: true }));
  }

  /** For a layer to be added there. @param {MouseEvent} event @param {import('./add-at.js').Site} site */
  #ask(event, site) {
    if (this.view.model.readOnly) return;
    const { x, y } = this.#at(event);
    const { clientX, clientY } = event;
    askToAdd(this.host, { clientX, clientY, ...this.view.camera.toWorld(x, y), site });
  }

  /** @param {MouseEvent} event */
  #context(event) {
    if (this.view.compact) return;
    event.preventDefault();
    // In the middle of a gesture nobody asks; and where the browser tells of a long press too, once is enough.
    if (this.#press?.moved || (this.#long.fired && event.type === 'contextmenu' && this.#press)) return;
    const hit = this.#hit(event);
    const { scene, model } = this.view;
    const card = hit?.kind === 'card' && scene ? scene.set.cards[hit.card].rows : [];
    const rows = hit?.kind === 'row' ? [hit.key] : hit?.kind === 'frame' ? hit.keys : card;
    if (rows.length > 0 && !rows.every((key) => model.selection.has(key))) model.selection.set(rows, rows[0]);
    if (hit?.kind === 'edge' && scene) model.pick(model.graph.edges[scene.set.edges[hit.edge].edge]);
    const { x, y } = this.#at(event);
    const { clientX, clientY } = event;
    const detail = { key: rows[0] ?? null, ground: hit === null, clientX, clientY, ...this.view.camera.toWorld(x, y) };
    this.host.dispatchEvent(new CustomEvent('context', { detail, bubbles: true, composed: true }));
  }

  /** @param {WheelEvent} event */
  #wheel(event) {
    event.preventDefault();
    this.view.stopFlight();
    this.view.point(null);
    const unit = event.deltaMode === 1 ? 18 : event.deltaMode === 2 ? this.view.camera.height : 1;
    const dx = event.deltaX * unit;
    const dy = event.deltaY * unit;
    const zooms = event.ctrlKey || event.metaKey || this.view.model.settings.wheel === 'zoom' || this.view.compact;
    if (zooms) {
      const { x, y } = this.#at(event);
      // A pinch on a trackpad comes as small deltas with Ctrl set: those count more.
      const speed = event.ctrlKey && Math.abs(dy) < 40 ? WHEEL_ZOOM * 4 : WHEEL_ZOOM;
      this.view.zoomAt(Math.exp(-Math.max(-240, Math.min(240, dy)) * speed), x, y);
    } else if (event.shiftKey && dx === 0) this.view.panBy(dy, 0);
    else this.view.panBy(dx, dy);
    if (this.#press?.moved && this.#press.mode !== 'pan') this.#follow();
  }

  /** The pointer is over something else. */
  #leave() {
    this.view.port = null;
    this.view.point(null);
    this.view.invalidate();
  }

  /** @param {number} id @param {number} x @param {number} y */
  #pinch(id, x, y) {
    const [a, b] = [...this.#touches.values()];
    const before = { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, spread: Math.hypot(a.x - b.x, a.y - b.y) };
    this.#touches.set(id, { x, y });
    const [c, d] = [...this.#touches.values()];
    const after = { x: (c.x + d.x) / 2, y: (c.y + d.y) / 2, spread: Math.hypot(c.x - d.x, c.y - d.y) };
    this.view.panBy(before.x - after.x, before.y - after.y);
    if (before.spread > 0) this.view.zoomAt(after.spread / before.spread, after.x, after.y);
  }

  /** @param {PointerEvent} event @param {number} x @param {number} y */
  #hover(event, x, y) {
    const world = this.view.camera.toWorld(x, y);
    const port = this.#space || event.shiftKey ? null : this.view.wiring.at(world.x, world.y);
    if (port !== null || this.view.port !== null) this.view.invalidate();
    this.view.port = port;
    if (port) {
      this.view.point(null);
      this.view.model.setHover({ layer: port.key });
      this.canvas.dataset.cursor = 'wire';
      return;
    }
    const hit = this.#hit(event);
    this.view.point(hit, x, y);
    if (this.#space) return;
    const { drag } = this.view.model.settings;
    const boxes = event.altKey || (drag === 'lasso' && hit === null) || event.shiftKey !== (drag === 'select' && hit === null);
    this.canvas.dataset.cursor = hit && !boxes ? 'pick' : boxes ? 'box' : '';
  }
}
