/** While something is dragged near the border of the canvas the view moves on, the faster the nearer. */

const ZONE = 36;
/** Px a frame, right at the border. */
const FASTEST = 16;
/** How long the pointer must stay there, ms: what lies near the border is no reason to move on. */
const WAIT = 220;

export class EdgePan {
  #frame = 0;
  #since = 0;
  #dx = 0;
  #dy = 0;

  /** @param {import('./view.js').CanvasView} view @param {() => void} moved  what is dragged follows the view */
  constructor(view, moved) {
    this.view = view;
    this.moved = moved;
  }

  /** Where the pointer is. @param {number} x @param {number} y  screen */
  at(x, y) {
    const { width, height } = this.view.camera;
    this.#dx = speed(x, width);
    this.#dy = speed(y, height);
    if (this.#dx === 0 && this.#dy === 0) this.#since = 0;
    else if (this.#frame === 0) {
      this.#since ||= performance.now();
      this.#frame = requestAnimationFrame((now) => this.#step(now));
    }
  }

  /** @param {number} now */
  #step(now) {
    this.#frame = 0;
    if (this.#dx === 0 && this.#dy === 0) return;
    // A wire over what it may end at has come to where it was going.
    if (now - this.#since > WAIT && (this.view.wiring.wire?.target ?? null) === null) {
      this.view.panBy(this.#dx, this.#dy);
      this.moved();
    }
    this.#frame = requestAnimationFrame((later) => this.#step(later));
  }

  stop() {
    cancelAnimationFrame(this.#frame);
    this.#frame = this.#since = this.#dx = this.#dy = 0;
  }
}

/** @param {number} at @param {number} size  px */
export function speed(at, size) {
  if (size < 4 * ZONE) return 0;
  const into = at < ZONE ? at - ZONE : at > size - ZONE ? at - size + ZONE : 0;
  return Math.sign(into) * Math.min(1, Math.abs(into) / ZONE) * FASTEST;
}
