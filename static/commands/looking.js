/** What a page that may only look can be told to do. Pure. */

const LOOKS = new Set(['document', 'close-document', 'next-net', 'previous-net', 'home', 'save', 'picture', 'search', 'help', 'problems', 'next-problem', 'previous-problem', 'show-line', 'select-all', 'escape', 'copy']);

/** @param {string} command */
export const mayLook = (command) => LOOKS.has(command);
