/** Keys that work wherever the focus is, as commands. Fields keep their own editing keys; an open dialog keeps the rest. */

/** @typedef {"undo" | "redo" | "duplicate" | "delete" | "save" | "search" | "add" | "rename" | "connect-to" | "read-from" | "in-place" | "move-up" | "move-down" | "help" | "open" | "select-all" | "escape" | "next-net" | "previous-net" | "next-problem" | "previous-problem"} KeyCommand */

/**
 * @param {KeyboardEvent} event
 * @param {{typing: boolean, dialog: boolean, settled?: boolean}} where the focus is in a text field, which holds only what was taken already; a dialog is open
 * @returns {KeyCommand | null}
 */
export function commandOf(event, { typing, dialog, settled = false }) {
  const main = event.ctrlKey || event.metaKey;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (dialog) return null;
  if (event.altKey) {
    if (main || event.shiftKey) return null;
    if (key === 'PageDown') return 'next-net';
    if (key === 'PageUp') return 'previous-net';
    if (typing) return null;
    return key === 'ArrowUp' ? 'move-up' : key === 'ArrowDown' ? 'move-down' : null;
  }
  if (main) {
    if (key === 's') return 'save';
    if (key === 'f') return 'search';
    if (key === 'd') return 'duplicate';
    if (key === 'o') return 'open';
    if (typing && !settled) return null;
    if (key === 'z') return event.shiftKey ? 'redo' : 'undo';
    if (key === 'y') return 'redo';
    if (typing) return null;
    if (key === 'a') return 'select-all';
    return null;
  }
  if (key === 'F8') return event.shiftKey ? 'previous-problem' : 'next-problem';
  if (typing) return null;
  if (key === '/') return 'search';
  if (key === 'a' || key === 'Insert') return 'add';
  if (key === '?') return 'help';
  if (key === 'F2') return 'rename';
  if (key === 'c') return event.shiftKey ? 'read-from' : 'connect-to';
  if (key === 'i') return 'in-place';
  if (key === 'Delete' || key === 'Backspace') return 'delete';
  if (key === 'Escape') return 'escape';
  return null;
}

/** @param {EventTarget | null | undefined} target */
export function isTyping(target) {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement)
    return true;
  return (
    target instanceof HTMLInputElement && !['checkbox', 'radio', 'button', 'submit', 'range'].includes(target.type)
  );
}

/** A field of the inspector in which nothing was typed since it was taken: undo there means the net's. @param {EventTarget | null | undefined} target */
export function isSettled(target) {
  return target instanceof HTMLElement && target.closest('ng-inspector') !== null && target.dataset.typing === undefined;
}

/** Where the keyboard goes from a search that is left. */
export function toCanvas() {
  /** @type {HTMLElement | null} */ (document.querySelector('net-canvas.main'))?.focus();
}
