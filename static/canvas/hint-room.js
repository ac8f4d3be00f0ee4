/** The hints lie on the canvas: they say their word, and then give way to the cards behind them. */

/** So long new hints stay, whatever is behind them, ms. */
const READ = 6000;
/** The view is at rest when it has not moved for so long, ms. */
const REST = 250;

export class HintRoom {
  #timer = 0;
  #since = 0;
  /** @type {() => boolean} whether cards are behind the hints */
  #behind = () => false;

  /** @param {HTMLElement} hint */
  constructor(hint) {
    this.hint = hint;
  }

  /** The hints say something else now. */
  changed() {
    this.#since = performance.now();
    this.hint.classList.remove('away');
  }

  /** The view has moved, or what is in it. @param {() => boolean} behind */
  moved(behind) {
    this.#behind = behind;
    clearTimeout(this.#timer);
    const left = this.#since + READ - performance.now();
    this.#timer = window.setTimeout(() => this.#settle(), Math.max(REST, left));
  }

  #settle() {
    if (this.hint.hidden) return;
    // Whoever is on its button is not to press on what is behind it.
    const held = this.hint.matches(':hover, :focus-within');
    this.hint.classList.toggle('away', !held && this.#behind());
  }
}
