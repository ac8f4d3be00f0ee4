/** A finger that stays where it is asks for the menu, as the right button does. Browsers differ in whether they say so. */

const LONG = 550;

export class LongPress {
  #timer = 0;
  /** Whether it has come to that: letting go is no tap any more. */
  fired = false;

  /** @param {PointerEvent} event @param {(event: PointerEvent) => void} ask */
  begin(event, ask) {
    this.cancel();
    this.fired = false;
    if (event.pointerType !== 'touch') return;
    this.#timer = window.setTimeout(() => {
      this.fired = true;
      ask(event);
    }, LONG);
  }

  cancel() {
    clearTimeout(this.#timer);
  }
}
