/** Where the view is: screen = (world - origin) * zoom, in CSS pixels. */

const MAX_ZOOM = 3;

/** @typedef {{minX: number, minY: number, maxX: number, maxY: number}} Box */

export class Camera {
  x = 0;
  y = 0;
  zoom = 1;
  width = 1;
  height = 1;
  minZoom = 0.05;

  /** What is in view, in world coordinates. @returns {Box} */
  view() {
    return { minX: this.x, minY: this.y, maxX: this.x + this.width / this.zoom, maxY: this.y + this.height / this.zoom };
  }

  /** @param {number} sx @param {number} sy */
  toWorld(sx, sy) {
    return { x: this.x + sx / this.zoom, y: this.y + sy / this.zoom };
  }

  /** @param {number} wx @param {number} wy */
  toScreen(wx, wy) {
    return { x: (wx - this.x) * this.zoom, y: (wy - this.y) * this.zoom };
  }

  /** @param {number} dx @param {number} dy  screen pixels */
  panBy(dx, dy) {
    this.x += dx / this.zoom;
    this.y += dy / this.zoom;
  }

  /** Zooms so that the point under (sx, sy) stays there. @param {number} factor @param {number} sx @param {number} sy */
  zoomAt(factor, sx, sy) {
    const anchor = this.toWorld(sx, sy);
    this.zoom = this.clampZoom(this.zoom * factor);
    this.x = anchor.x - sx / this.zoom;
    this.y = anchor.y - sy / this.zoom;
  }

  /** @param {number} zoom */
  clampZoom(zoom) {
    return Math.max(this.minZoom, Math.min(MAX_ZOOM, zoom));
  }

  /** Px at the top and the bottom that tools cover: what is fitted stays between. */
  head = 0;
  foot = 0;
  /** What the minimap lies over, in the corner at the lower right, px. */
  corner = { width: 0, height: 0 };

  /** The zoom at which a box fills the view. @param {Box} box @param {number} margin */
  zoomToFit(box, margin) {
    const w = Math.max(1, box.maxX - box.minX);
    const h = Math.max(1, box.maxY - box.minY);
    return Math.min((this.width - 2 * margin) / w, (this.height - this.head - this.foot - 2 * margin) / h);
  }

  /** As far out as shows the whole of a net, and a little further. @param {Box} bounds */
  limit(bounds) {
    this.minZoom = Math.min(0.05, Math.max(1e-4, this.zoomToFit(bounds, 40) * 0.8));
  }

  /** @param {Box} box @param {number} [margin] @param {number} [most] */
  fit(box, margin = 40, most = 1) {
    const zoom = Math.min(most, this.zoomToFit(box, margin));
    this.zoom = zoom;
    this.centre((box.minX + box.maxX) / 2, (box.minY + box.maxY) / 2 + (this.foot - this.head) / 2 / this.zoom);
  }

  /** @param {number} wx @param {number} wy */
  centre(wx, wy) {
    this.x = wx - this.width / 2 / this.zoom;
    this.y = wy - this.height / 2 / this.zoom;
  }

  /** Keeps at least a strip of the net in view. @param {Box} box */
  hold(box) {
    const keep = Math.min(120, this.width / 3, this.height / 3) / this.zoom;
    this.x = Math.max(box.minX + keep - this.width / this.zoom, Math.min(box.maxX - keep, this.x));
    this.y = Math.max(box.minY + keep - this.height / this.zoom, Math.min(box.maxY - keep, this.y));
  }

  /** A camera that looks as this one does, to plan a move with. */
  like() {
    return Object.assign(new Camera(), this);
  }

  /** @returns {{x: number, y: number, zoom: number}} */
  place() {
    return { x: this.x, y: this.y, zoom: this.zoom };
  }

  /** @param {{x: number, y: number, zoom: number}} place */
  moveTo(place) {
    this.x = place.x;
    this.y = place.y;
    this.zoom = place.zoom;
  }
}

/**
 * Between two places, so that the middle of the view moves evenly and zoom changes geometrically.
 * @param {{x: number, y: number, zoom: number}} from @param {{x: number, y: number, zoom: number}} to
 * @param {number} t @param {number} width @param {number} height
 */
export function between(from, to, t, width, height) {
  if (t >= 1) return to;
  const zoom = from.zoom * (to.zoom / from.zoom) ** t;
  const mid = (/** @type {{x: number, y: number, zoom: number}} */ p) => [p.x + width / 2 / p.zoom, p.y + height / 2 / p.zoom];
  const [ax, ay] = mid(from);
  const [bx, by] = mid(to);
  // Where zoom changes, moving in step with it keeps the path straight on the screen.
  const s = Math.abs(to.zoom - from.zoom) < 1e-9 ? t : (1 / from.zoom - 1 / zoom) / (1 / from.zoom - 1 / to.zoom);
  return { x: ax + (bx - ax) * s - width / 2 / zoom, y: ay + (by - ay) * s - height / 2 / zoom, zoom };
}
