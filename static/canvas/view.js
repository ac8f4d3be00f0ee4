/** One view of a model: its scene, camera and movement, and when to draw. No events of its own: the element feeds it. */

import { requestLayout } from '../layout/client.js';
import { told } from '../messages/canvas.js';
import { formatShape, marksOf } from '../model/marks.js';
import { arrange, carryOver, hintsFrom, sameArrangement } from './arrange.js';
import { cardFonts } from './card-boxes.js';
import { LABEL_MOST, placeLabels } from './edge-labels.js';
import { shareLinks } from './draw-shares.js';
import { heatColour } from './heat.js';
import { Slide, prefersStill } from './motion.js';
import { PastLayouts } from './past-layouts.js';
import { portLabel } from './port-words.js';
import { NEAR, drawFrame } from './renderer.js';
import { Scene } from './scene.js';
import { TextMeter, canvasMeasure } from './text.js';
import { readTheme } from './theme.js';
import { MARGIN, READABLE, Viewpoint } from './viewpoint.js';
import { Wiring } from './wiring.js';

/** @typedef {import('../model/graph-model.js').GraphModel} GraphModel */
/** @typedef {import('./hit.js').Hit} Hit */
/** @typedef {import('./camera.js').Box} Box */

/** Edges of more selected layers than this are not stressed: everything would be. */
const MOST_STRESSED = 250;

export class CanvasView extends Viewpoint {
  /** @type {Slide | null} */
  #slide = null;
  /** @type {Box | null} */
  #box = null;
  /** @type {number[] | null} card edges to stress; null: not known now */
  #strong = null;
  /** @type {{edge: number, x: number, y: number, text?: string} | null} where on an edge the pointer is, world */
  #pointed = null;
  /** @type {import('./edge-labels.js').EdgeLabel[] | null} names on edges, placed when first asked for */
  #labels = null;
  #layoutRun = 0;
  /** What the layout that is shown was made from. @type {import('../layout/types.js').LayoutInput | null} */
  #input = null;
  #past = new PastLayouts();
  #frame = 0;
  /** @type {string} */
  #document = '';
  #ratio = 1;
  #announce = false;
  /** @type {(() => void)[]} */
  #placed = [];

  /** Wires that are being drawn. */
  wiring = new Wiring(this);
  /** @type {import('./wiring.js').Port | null} the port under the pointer */
  port = null;

  /** @type {{drift: {dx: Float64Array, dy: Float64Array}, reach: number} | null} cards that are being dragged */
  held = null;
  /** @type {import('./lasso.js').Point[] | null} world */
  lasso = null;

  /** Keyboard in use: show where it is. */
  keyboard = false;

  /** The layer whose edges the keyboard walks. @type {string | null} */
  walked = null;

  /**
   * @param {GraphModel} model @param {HTMLCanvasElement} canvas
   * @param {{drawn(): void, moved(): void, rearranged(): void, scene(): void, focus(): void, say(text: string): void, tip(text: string, x: number, y: number): void, hush(): void}} host
   */
  constructor(model, canvas, host) {
    super(canvas);
    this.model = model;
    this.host = host;
    this.context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d', { alpha: false }));
    this.meter = new TextMeter(canvasMeasure(/** @type {CanvasRenderingContext2D} */ (document.createElement('canvas').getContext('2d'))));
    this.theme = readTheme(canvas);
    this.fonts = cardFonts(this.theme);
  }

  get ratio() {
    return this.#ratio;
  }

  /** @param {number} width @param {number} height  CSS px @param {number} ratio @param {{head: number, foot: number}} covered  px at the top and the bottom that tools lie over */
  resize(width, height, ratio, covered) {
    const first = this.camera.width <= 1;
    if (!first) {
      // What is in the middle stays there sideways; the top stays at the top.
      this.camera.x -= (width - this.camera.width) / 2 / this.camera.zoom;
    }
    this.camera.width = Math.max(1, width);
    this.camera.height = Math.max(1, height);
    Object.assign(this.camera, covered);
    this.#ratio = ratio;
    this.canvas.width = Math.max(1, Math.round(width * ratio));
    this.canvas.height = Math.max(1, Math.round(height * ratio));
    if (this.scene && (this.compact || !this.touched)) this.home(false);
    const { wanted } = this;
    this.wanted = null;
    if (this.scene && wanted) this.reveal(wanted, true);
    this.#draw(performance.now());
    this.host.moved();
  }

  /** Reads the page's tokens anew. */
  refreshTheme() {
    const fonts = `${this.theme.font} ${this.theme.mono}`;
    this.theme = readTheme(this.canvas);
    this.fonts = cardFonts(this.theme);
    if (this.scene && fonts !== `${this.theme.font} ${this.theme.mono}`) this.layOut(false);
    this.invalidate();
  }

  /**
   * Lays the graph out and shows it.
   * @param {boolean} keep  what was there keeps its place (an edit), or all is placed anew
   */
  async layOut(keep) {
    const run = ++this.#layoutRun;
    const { graph } = this.model;
    const { set, boxes, input } = arrange(this.model, this.meter, this.theme);
    const old = this.scene;
    const same = old !== null && this.#document === graph.document && old.direction === input.direction;
    const from = same ? carryOver(old, this.model) : null;
    const carried = from ? from.reduce((sum, o) => sum + (o === -1 ? 0 : 1), 0) : 0;
    const pinned = keep && !this.compact && from !== null && old !== null && carried * 2 >= Math.min(from.length, old.boxes.length);
    if (pinned && from && old) input.hints = hintsFrom(old, this.model, from);
    const settled = pinned && old && from?.every((o, i) => o === i) && this.#input && sameArrangement(input, this.#input);
    if (!pinned) this.#past.clear();
    const ids = set.cards.map((card) => card.id);
    const asked = settled ? old.plain : (this.#past.of(ids, input) ?? requestLayout(input));
    const layout = asked instanceof Promise ? await asked : asked;
    if (run !== this.#layoutRun) return; // a newer graph came meanwhile
    this.#input = input;
    this.#past.keep(ids, input, layout);
    const width = (/** @type {string} */ text) => this.meter.width(text, this.fonts.pill);
    if (from && old) this.#keepMoves(old, from);
    const scene = new Scene(this.model, set, boxes, layout, input.direction, width);
    this.scene = scene;
    this.held = null;
    this.#labels = null;
    this.camera.limit(scene.bounds);
    this.#strong = null;
    if (from && old && carried > 0) this.#moveOver(old, scene, from, pinned);
    else this.#open();
    this.#document = graph.document;
    this.host.scene();
    this.#announce = true;
    this.invalidate();
    for (const done of this.#placed.splice(0)) done();
  }

  /** Renamed cards stay where they were moved to. @param {Scene} old @param {Int32Array} from */
  #keepMoves(old, from) {
    const { model } = this;
    const moves = new Map(model.moves[old.direction]);
    let carried = false;
    model.cards.cards.forEach((card, i) => {
      const was = from[i] === -1 ? card.id : old.set.cards[from[i]].id;
      const move = moves.get(was);
      if (was === card.id || !move) return;
      moves.delete(was);
      moves.set(card.id, move);
      carried = true;
    });
    if (!carried) return;
    model.moves = { ...model.moves, [old.direction]: moves };
    this.host.rearranged();
  }

  /** Puts a card near a point. @param {string} key @param {number} x @param {number} y  world */
  async put(key, x, y) {
    if (!this.scene?.set.cardOf.has(key)) await this.placed();
    const { scene, model } = this;
    const card = scene?.set.cardOf.get(key);
    if (!scene || card === undefined || scene.set.cards[card].rows.length > 1) return;
    const move = /** @type {const} */ ([Math.round(x - scene.plain.x[card]), Math.round(y - scene.plain.y[card])]);
    model.setMoves(scene.direction, new Map(model.moves[scene.direction]).set(scene.set.cards[card].id, move));
    this.host.rearranged();
  }

  /** Cards were moved: the same layout with them in their new places. */
  replace() {
    const old = this.scene;
    this.held = null;
    if (!old || old.set !== this.model.cards) return; // a newer picture is on its way, and will have them
    const width = (/** @type {string} */ text) => this.meter.width(text, this.fonts.pill);
    this.scene = new Scene(this.model, old.set, old.boxes, old.plain, old.direction, width);
    this.#labels = null;
    this.camera.limit(this.scene.bounds);
    this.#strong = null;
    this.host.scene();
    this.invalidate();
  }

  /** Resolves when the graph given last has its places. */
  placed() {
    return new Promise((resolve) => this.#placed.push(() => resolve(undefined)));
  }

  #open() {
    this.#slide = null;
    this.opened = this.touched = false;
    const { place } = this.model;
    this.model.place = null;
    if (!place || this.compact) return this.home(false);
    this.opened = true;
    this.goTo(place, false);
  }

  /** @param {Scene} old @param {Scene} scene @param {Int32Array} from @param {boolean} pinned */
  #moveOver(old, scene, from, pinned) {
    this.#slide = null;
    if (this.compact) return this.home(false);
    if (!pinned) this.#holdMiddle(old, scene, from);
    if (prefersStill()) return;
    const dx = new Float64Array(from.length);
    const dy = new Float64Array(from.length);
    const fresh = new Uint8Array(from.length);
    for (let i = 0; i < from.length; i++) {
      if (from[i] === -1) fresh[i] = 1;
      else {
        const a = old.rect(from[i]);
        const b = scene.rect(i);
        dx[i] = a.x - b.x;
        dy[i] = a.y - b.y;
      }
    }
    const slide = new Slide(dx, dy, fresh, performance.now());
    // Very long ways are jumps: sliding over several screens shows nothing.
    this.#slide = slide.reach > 4 * Math.max(this.camera.width, this.camera.height) ? null : slide;
  }

  /** Placed anew: the card in the middle of the view stays where it is on the screen. @param {Scene} old @param {Scene} scene @param {Int32Array} from */
  #holdMiddle(old, scene, from) {
    const { camera } = this;
    const view = camera.view();
    const middle = { x: (view.minX + view.maxX) / 2, y: (view.minY + view.maxY) / 2 };
    let best = -1;
    let least = Infinity;
    for (let i = 0; i < from.length; i++) {
      if (from[i] === -1) continue;
      const a = old.rect(from[i]);
      const distance = Math.hypot(a.x + a.width / 2 - middle.x, a.y + a.height / 2 - middle.y);
      if (distance < least) {
        least = distance;
        best = i;
      }
    }
    if (best === -1) return;
    const a = old.rect(from[best]);
    const b = scene.rect(best);
    camera.x += b.x - a.x;
    camera.y += b.y - a.y;
    if (camera.zoomToFit(scene.bounds, MARGIN) >= READABLE) this.home(false);
  }

  /** A stub's pill was clicked: to the other end; again and again through several. @param {import('./pills.js').Pill} pill */
  followPill(pill) {
    const { scene, model } = this;
    if (!scene) return;
    const ends = pill.edges.map((e) => {
      const edge = model.graph.edges[scene.set.edges[e].edge];
      return pill.side === 'out' ? edge.target : edge.source;
    });
    const at = ends.findIndex((key) => key === model.selection.lead);
    const next = ends[(at + 1) % ends.length];
    model.selection.set([next]);
    this.zoomTo(next);
  }

  /** The pointer is over something, or nothing. @param {Hit | null} hit @param {number} [x] @param {number} [y]  screen */
  point(hit, x = 0, y = 0) {
    const { scene, model } = this;
    this.#pointed = null;
    if (!hit || !scene || hit.kind === 'frame') {
      model.setHover(null);
      this.host.tip('', 0, 0);
    } else if (hit.kind === 'row') {
      model.setHover({ layer: hit.key });
      this.host.tip(this.#tipOf(hit.key), x, y);
    } else if (hit.kind === 'card') {
      model.setHover({ layer: scene.set.cards[hit.card].rows[0] });
    } else if (hit.kind === 'edge') {
      const world = this.camera.toWorld(x, y);
      this.#pointed = { edge: hit.edge, x: world.x, y: world.y };
      model.setHover({ edge: scene.set.edges[hit.edge].edge });
      this.invalidate();
    } else {
      model.setHover({ edge: scene.set.edges[hit.pill.edges[0]].edge });
      const edge = scene.set.edges[hit.pill.edges[0]].edge;
      const ends = hit.pill.edges.map((e) => model.graph.edges[scene.set.edges[e].edge]);
      const others = ends.map((end) => (hit.pill.side === 'out' ? end.target : end.source));
      this.host.tip(`${this.#edgeText(edge)}\n${(hit.pill.side === 'out' ? told.readBy : told.from)(others.join(', '))}`, x, y);
    }
  }

  /** Something is dragged over this: lit up, with a word at an edge. @param {Hit | null} hit @param {number} x @param {number} y  screen @param {string} text */
  aim(hit, x, y, text) {
    this.point(hit?.kind === 'pill' || hit?.kind === 'frame' ? null : hit, x, y);
    this.host.tip('', 0, 0);
    if (this.#pointed) this.#pointed.text = text;
  }

  /** What a card has no room or no words for. @param {string} key */
  #tipOf(key) {
    const layer = this.model.layer(key);
    if (!layer) return '';
    const marks = marksOf(layer, (group) => this.model.groupColour(group)).map((mark) => mark.says);
    const problems = [...new Set(this.model.diagnosticsOf(key).map((found) => found.message))].slice(0, 3);
    const row = this.scene?.boxes[this.scene.set.cardOf.get(key) ?? 0].rows.find((box) => box.layer.key === key);
    const cut = row !== undefined && (row.name !== layer.name || row.type !== layer.type || (row.head && row.summary !== layer.summary));
    if (marks.length === 0 && problems.length === 0 && !cut && this.camera.zoom >= NEAR) return '';
    return [`${layer.name} · ${layer.type}`, layer.summary, ...marks, ...problems].filter(Boolean).join('\n');
  }

  /** @param {number} index in graph.edges */
  #edgeWords(index) {
    const { source, top, blob } = this.model.graph.edges[index];
    return { blob, shape: formatShape(this.model.layer(source)?.tops[top]?.shape ?? null) };
  }

  /** @param {number} index in graph.edges */
  #edgeText(index) {
    const { blob, shape } = this.#edgeWords(index);
    return shape ? `${blob}  ${shape}` : blob;
  }

  /** @param {Box | null} box */
  setBox(box) {
    this.#box = box;
    this.invalidate();
  }

  /** For screen readers. @param {string} text */
  say(text) {
    if (text) this.host.say(text);
  }

  takeFocus() {
    this.host.focus();
    this.keyboard = false; // whatever the browser thinks of a focus by script
  }

  /** Selection, hover or settings changed. */
  restress() {
    this.#strong = null;
    this.invalidate();
  }

  /** @override */
  invalidate() {
    this.#frame ||= requestAnimationFrame((now) => {
      this.#frame = 0;
      this.#draw(now);
    });
  }

  stop() {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
  }

  /** Edges of selected and hovered layers, and the hovered edge. */
  #stressed() {
    const { scene, model } = this;
    if (!scene) return [];
    /** @type {Set<number>} */
    const edges = new Set();
    const add = (/** @type {import('../model/types.js').Edge} */ edge) => {
      const e = scene.cardEdge(model.indexOf(edge));
      if (e !== undefined) edges.add(e);
    };
    const keys = model.selection.size <= MOST_STRESSED ? [...model.selection.keys] : [];
    if (model.hover?.layer !== undefined) keys.push(model.hover.layer);
    if (model.picked) add(model.picked);
    for (const key of keys) for (const edge of [...model.edgesIn(key), ...model.edgesOut(key)]) add(edge);
    if (model.hover?.edge !== undefined) {
      const hovered = model.graph.edges[model.hover.edge];
      for (const edge of model.edgesOut(hovered.source)) {
        const e = scene.cardEdge(model.indexOf(edge));
        if (e !== undefined && (edge === hovered || scene.layout.stub[e]) && edge.blob === hovered.blob) edges.add(e);
      }
    }
    return [...edges];
  }

  /** @returns {import('./draw-card.js').Look} */
  look() {
    const { model, theme, fonts, meter } = this;
    const rate = model.settings.colour === 'rate';
    return {
      theme,
      fonts,
      meter,
      zoom: this.camera.zoom,
      selected: (key) => model.selection.has(key),
      hover: model.hover?.layer ?? null,
      focus: this.keyboard ? model.selection.lead : null,
      heat: rate ? (layer) => heatColour(layer, theme) : null,
    };
  }

  /** @param {number} now */
  #draw(now) {
    if (this.camera.width <= 1) return;
    if (this.flight) {
      const { place, done } = this.flight.at(now);
      this.camera.moveTo(place);
      if (done) this.flight = null;
      this.invalidate();
    }
    const moving = this.#slide?.at(now) ?? null;
    if (this.#slide && !moving) this.#slide = null;
    if (moving) this.invalidate();
    const { scene } = this;
    this.#strong ??= this.#stressed();
    drawFrame(this.context, {
      scene,
      camera: this.camera,
      ratio: this.#ratio,
      look: this.look(),
      drift: moving?.drift ?? this.held?.drift ?? null,
      held: moving ? null : (this.held?.drift ?? null),
      reach: moving ? (this.#slide?.reach ?? 0) : (this.held?.reach ?? 0),
      fade: moving?.fade ?? null,
      strong: this.#strong,
      links: shareLinks(this.model),
      edgeLabel: scene && this.#stressedLabel(scene),
      edgeLabels: this.camera.zoom < 0.6 ? [] : this.edgeLabelsIn(this.camera.view()),
      box: this.#box,
      lasso: this.lasso,
      ports: moving || this.held ? [] : this.wiring.ports(),
      port: this.port,
      wire: this.wiring.wire,
      people: this.compact ? [] : this.model.people,
      grid: true,
      frames: this.model.settings.frames,
    });
    this.host.moved();
    if (this.#announce && scene) {
      this.#announce = false;
      this.host.drawn();
    }
  }

  /** The name of the edge under the pointer, else of the selected one. @param {Scene} scene */
  #stressedLabel(scene) {
    const above = 20 / this.camera.zoom;
    const atPort = portLabel(this.model, this.port, this.wiring.wire, this.camera.zoom);
    if (atPort || this.wiring.wire) return atPort;
    if (this.#pointed) {
      const { edge, x, y, text } = this.#pointed;
      return { text: text ?? this.#edgeText(scene.set.edges[edge].edge), x, y: y - above };
    }
    const { picked } = this.model;
    const e = picked ? scene.cardEdge(this.model.indexOf(picked)) : undefined;
    if (!picked || e === undefined || scene.layout.stub[e]) return null;
    const { points, starts } = scene.layout;
    const [a, b] = [2 * starts[e], 2 * (starts[e + 1] - 1)];
    return { text: this.#edgeText(this.model.indexOf(picked)), x: (points[a] + points[b]) / 2, y: (points[a + 1] + points[b + 1]) / 2 };
  }

  /** Names on edges within a box, where all are asked for. @param {Box} box @param {ReadonlySet<number> | null} [only]  of these cards */
  edgeLabelsIn(box, only = null) {
    const { scene } = this;
    if (!scene || this.model.settings.edgeLabels !== 'all') return [];
    this.#labels ??= placeLabels(scene, (e) => this.#labelLines(e), (text) => this.meter.width(text, this.fonts.pill));
    return this.#labels.filter(({ edge, x, y, width, height }) => {
      const { source, target } = scene.set.edges[edge];
      if (only && !(only.has(source) && only.has(target))) return false;
      return x + width > box.minX && x - width < box.maxX && y + height > box.minY && y - height < box.maxY;
    });
  }

  /** Blob and shape: beside each other, or above and below a line that runs to the right. @param {number} e */
  #labelLines(e) {
    const scene = /** @type {Scene} */ (this.scene);
    const { blob, shape } = this.#edgeWords(scene.set.edges[e].edge);
    if (scene.direction === 'down') return [shape ? `${blob}  ${shape}` : blob];
    return [blob, ...(shape ? [shape] : [])].map((text) => this.meter.cut(text, this.fonts.pill, LABEL_MOST));
  }
}
