/** What somebody is typing stays, whatever is heard from the server meanwhile and drawn anew. */

/** @param {Event} event an `input` event */
export function typing(event) {
  /** @type {HTMLElement} */ (event.target).dataset.typing = '';
}

/** @param {Event} event `change` or `blur`: what was typed has been taken, or was taken back */
export function typed(event) {
  delete (/** @type {HTMLElement} */ (event.target).dataset.typing);
}

/**
 * What a field is to hold: its own text while one types in it.
 * @param {Element | null} field @param {string} value
 */
export function keepTyped(field, value) {
  return (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement) && field.dataset.typing !== undefined ? field.value : value;
}
