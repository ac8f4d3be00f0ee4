/** Ports, the wire that is dragged, and what it may end at. */

import { RADIUS } from './card-boxes.js';
import { withAlpha } from './colour.js';
import { roundRect } from './draw-card.js';
import { swing } from './edge-paths.js';

/** @typedef {import('./scene.js').Scene} Scene */
/** @typedef {import('./draw-card.js').Look} Look */
/** @typedef {import('./wiring.js').Port} Port */
/** @typedef {import('./wiring.js').Wire} Wire */

/** @param {CanvasRenderingContext2D} c @param {readonly Port[]} ports @param {Port | null} hot  under the pointer @param {Look} look */
export function drawPorts(c, ports, hot, { theme, zoom }) {
  // From afar a little smaller than near, on the screen.
  const unit = zoom < 0.7 ? (0.7 + 0.43 * zoom) / zoom : 1 / Math.min(1.4, zoom);
  for (const port of ports) {
    const on = hot !== null && hot.key === port.key && hot.side === port.side && hot.index === port.index;
    c.beginPath();
    c.arc(port.x, port.y, (on ? 6.5 : 5) * unit, 0, 2 * Math.PI);
    c.fillStyle = on ? theme.colour.selection : theme.colour.raised;
    c.fill();
    c.strokeStyle = theme.colour.selection;
    c.lineWidth = 1.5 * unit;
    if (port.side === 'in' && port.open) c.setLineDash([2.5 * unit, 2 * unit]);
    c.stroke();
    c.setLineDash([]);
  }
}

/**
 * What the wire may end at is lit, all else steps back; then the wire itself.
 * @param {CanvasRenderingContext2D} c @param {Scene} scene @param {number[]} cards  in view @param {Wire} wire @param {Look} look
 */
export function drawWire(c, scene, cards, wire, { theme, zoom }) {
  for (const i of cards) {
    const { rows } = scene.set.cards[i];
    const legal = rows.some((key) => wire.legal.has(key));
    const { x, y, width, height } = scene.rect(i);
    if (!legal && !rows.includes(wire.from.key)) {
      roundRect(c, x - 1, y - 1, width + 2, height + 2, RADIUS + 1);
      c.fillStyle = withAlpha(theme.colour.bg, 0.62);
      c.fill();
    } else if (legal) {
      const over = wire.target !== null && rows.includes(wire.target);
      roundRect(c, x - 2, y - 2, width + 4, height + 4, RADIUS + 2);
      c.strokeStyle = over ? theme.colour.selection : withAlpha(theme.colour.selection, 0.45);
      c.lineWidth = (over ? 3 : 1.5) / Math.min(1, zoom);
      c.stroke();
    }
  }
  const down = scene.direction === 'down';
  const { from } = wire;
  const end = wire.port ?? wire; // it snaps to where it would end
  const [ax, ay, bx, by] = from.side === 'out' ? [from.x, from.y, end.x, end.y] : [end.x, end.y, from.x, from.y];
  c.beginPath();
  c.moveTo(ax, ay);
  // Upward, the curve would fold over: a plain line then.
  if (down ? by > ay : bx > ax) swing(c, ax, ay, bx, by, down);
  else c.lineTo(bx, by);
  c.strokeStyle = theme.colour.selection;
  c.lineWidth = Math.max(2, 1.5 / zoom);
  if (wire.target === null) c.setLineDash([6, 4]);
  c.stroke();
  c.setLineDash([]);
  c.beginPath();
  c.arc(end.x, end.y, 5 / Math.min(1.4, zoom), 0, 2 * Math.PI);
  c.fillStyle = theme.colour.selection;
  c.fill();
}
