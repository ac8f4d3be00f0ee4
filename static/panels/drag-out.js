/** Dragging something out of a panel onto the canvas: a chip under the pointer, the place it would fall lit up, Escape to leave it. */

/**
 * @template T
 * @typedef {object} DragOut
 * @property {string} label
 * @property {string} family
 * @property {(clientX: number, clientY: number) => T | null} over  what it is over; null where it cannot be dropped
 * @property {(place: T) => string} words  what would come of a drop there
 * @property {() => void} leave  the drag is over, however it ended
 * @property {(place: T, event: PointerEvent) => void} drop
 */

const SLACK = 5;

/** @template T @param {PointerEvent} start  a press on what is dragged @param {DragOut<T>} drag */
export function dragOut(start, { label, family, over, words, leave, drop }) {
  const source = /** @type {HTMLElement} */ (start.currentTarget);
  const listening = new AbortController();
  const { signal } = listening;
  /** @type {HTMLElement | null} */
  let chip = null;
  const end = () => {
    listening.abort();
    if (!chip) return;
    chip.remove();
    leave();
  };
  const move = (/** @type {PointerEvent} */ event) => {
    if (!chip) {
      if (Math.hypot(event.clientX - start.clientX, event.clientY - start.clientY) < SLACK) return;
      source.setPointerCapture(start.pointerId);
      chip = makeChip(label, family);
    }
    const place = over(event.clientX, event.clientY);
    chip.classList.toggle('nowhere', place === null);
    const small = /** @type {HTMLElement} */ (chip.lastElementChild);
    small.textContent = place === null ? '' : words(place);
    chip.style.translate = `${event.clientX + 12}px ${event.clientY + 10}px`;
  };
  const up = (/** @type {PointerEvent} */ event) => {
    const place = chip ? over(event.clientX, event.clientY) : null;
    end();
    if (place !== null) drop(place, event);
  };
  addEventListener('pointermove', move, { signal });
  addEventListener('pointerup', up, { signal });
  addEventListener('pointercancel', end, { signal });
  addEventListener(
    'keydown',
    (event) => {
      if (event.key !== 'Escape' || !chip) return;
      event.preventDefault();
      event.stopPropagation();
      end();
    },
    { signal, capture: true },
  );
}

/** @param {string} label @param {string} family */
function makeChip(label, family) {
  const chip = document.createElement('div');
  chip.className = 'drag-chip';
  chip.dataset.family = family;
  chip.setAttribute('aria-hidden', 'true');
  const bar = document.createElement('span');
  bar.className = 'family-bar';
  const name = document.createElement('b');
  name.textContent = label;
  chip.append(bar, name, document.createElement('small'));
  document.body.append(chip);
  return chip;
}
