/** What is said around the net: its history, its name, what changed, how it is drawn. */

/** @param {number} count @param {string} word */
const n = (count, word) => `${count} ${word}${count === 1 ? '' : 's'}`;

export const history = {
  title: 'History',
  steps: 'Steps',
  hint: 'Every step is kept. Go to any of them; the later ones stay until you do something else.',
  hintReadOnly: 'The steps that made the net what it is, the newest first.',
  opened: 'Opened',
  goTo: (/** @type {string} */ title) => `Go to: ${title}`,
  present: 'shown now',
  undone: (/** @type {string} */ title) => `Undone: ${title}`,
  redone: (/** @type {string} */ title) => `Done again: ${title}`,
  changes: 'Changes since it was opened',
  changesSince: (/** @type {string} */ title) => `Changes since: ${title}`,
};

export const changes = {
  title: 'Changes since it was opened',
  since: (/** @type {string} */ step) => `Changes since: ${step}`,
  previous: 'Change before',
  next: 'Next change',
  same: (/** @type {number} */ lines) => `${n(lines, 'line')} as before`,
  none: 'The text is as it was.',
  label: 'Changes, line by line',
  counted: (/** @type {number} */ added, /** @type {number} */ removed) =>
    `${n(added, 'line')} added, ${removed} removed`,
};

export const documentTabs = {
  label: 'Open nets',
  close: (/** @type {string} */ name) => `Close ${name}; the server keeps it`,
  closeKey: 'Delete',
};

export const documentMenu = {
  label: 'This net and others',
  rename: 'Rename …',
  newName: 'New name of the net',
  changes: 'Changes since it was opened',
  recent: (/** @type {number} */ revision) => `Revision ${revision}`,
  all: 'All nets …',
  allHint: 'Open or delete',
};

export const pictures = {
  small: (/** @type {number} */ scale) => `So large a net fits into a PNG at ${Math.max(1, Math.round(scale * 100))} % only.`,
  smallDetail: 'Its names cannot be read there. An SVG is sharp at any size.',
  asSvg: 'SVG instead',
};

export const view = {
  more: 'View',
  hint: 'How the net is drawn',
  across: 'From left to right',
  labels: 'Names on edges',
  frames: 'Frames around copies',
  fold: 'Chains as one card',
  hints: 'Hints what keys do',
  legend: {
    label: 'Colours: lr_mult of the weights',
    frozen: 'frozen',
    slow: '× 0.01',
    one: '× 1',
    fast: '× 10',
    fastest: '× 100',
    none: 'nothing to learn',
  },
  groups: 'Groups',
  groupsHint: 'Collapse what belongs together by name',
  collapseAll: 'Collapse all',
  expandAll: 'Expand all',
  members: (/** @type {number} */ size) => n(size, 'layer'),
};
