/** What a page that may only look can be told to do. Pure. */

const LOOKS = new Set(['document', 'home', 'save', 'picture', 'search', 'help', 'problems', 'show-line', 'select-all', 'escape', 'copy']);

/** @param {string} command */
export const mayLook = (command) => LOOKS.has(command);
