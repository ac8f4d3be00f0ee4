/** What the canvas says by itself: what keys and mouse do now. */

const mac = /Mac|iP(hone|ad)/.test(globalThis.navigator?.userAgent ?? '');
const ctrl = mac ? '⌘' : 'Ctrl';

/** A key or gesture, and what it does. @typedef {readonly [string, string]} Hint */

/** What each key of the canvas does, as the keyboard map tells it. */
export const keys = {
  edgeBeside: 'On an edge: to the one beside it',
  edgeEnd: 'On an edge: to the layer at its end',
  edgeMenu: 'On an edge: what can be done with it',
  edgeLeave: 'On an edge: back to the layer',
  group: 'Collapse the group that the layer is in, or open it',
  walk: 'Walk along the edges of the layer',
  walkBack: 'Walk back along them',
  go: {
    up: 'Go to the layer it reads from',
    down: 'Go to the layer that reads it',
    left: 'Go to the layer on the left',
    right: 'Go to the layer on the right',
  },
  goToo: (/** @type {string} */ go) => `${go} and select it too`,
  first: 'Go to the first layer',
  last: 'Go to the last layer',
  page: 'Move the view on',
  pageBack: 'Move the view back',
  open: 'Open the layer in the inspector',
  menu: 'Open the menu of the layer',
  nudge: 'Move the selected cards',
  tidy: 'Tidy up: every card back in its place',
  nothing: 'Select nothing',
  all: 'Select all layers',
  upstream: 'Select everything upstream too',
  downstream: 'Select everything downstream too',
  zoomIn: 'Zoom in',
  zoomOut: 'Zoom out',
  actual: 'Zoom to 100 %',
  home: 'Back to the top of the net',
  fit: 'Fit the net, or the selection',
};

/** What the canvas's own tools are called, and its list for screen readers. */
export const tools = {
  label: 'View',
  layers: 'Layers of the net',
  out: 'Zoom out (−)',
  actual: 'Zoom to 100 % (1)',
  in: 'Zoom in (+)',
  fit: 'Fit the net (F)',
  fold: 'Fold chains into one card',
  box: 'Drag selects a box',
  lasso: 'Drag selects by a lasso (Alt+drag)',
  tidy: 'Tidy up: every card back in its place (T)',
};

/** What a card's marks mean, in its tip and to screen readers. */
export const marks = {
  errors: (/** @type {number} */ count) => `${count} ${count === 1 ? 'error' : 'errors'}`,
  warnings: (/** @type {number} */ count) => `${count} ${count === 1 ? 'warning' : 'warnings'}`,
  shares: (/** @type {string} */ names) => `shares ${names}`,
  sharedAs: (/** @type {string} */ role, /** @type {string | null} */ group) => `${role} as ${group}`,
  loads: 'weights loaded',
  filler: 'starts from its filler',
  clash: 'stored weights do not fit',
  frozen: 'frozen (lr_mult 0)',
  rate: (/** @type {string} */ rate) => `learning rate ${rate}`,
};

/** How a layer is read out, and what a stub's name says. */
export const told = {
  layersOf: (/** @type {string} */ net) => `Layers of ${net || 'the net'}`,
  reads: (/** @type {string} */ blobs) => `reads ${blobs}`,
  makes: (/** @type {string} */ shapes) => `makes ${shapes}`,
  only: (/** @type {string} */ phase) => `${phase} only`,
  elsewhere: 'not in this phase',
  readBy: (/** @type {string} */ layers) => `read by ${layers}`,
  from: (/** @type {string} */ layers) => `from ${layers}`,
};

/** What is said at a port, and at the one that a wire would end at. */
export const ports = {
  first: 'reads nothing yet',
  another: 'one more bottom',
  open: (/** @type {string} */ blob) => `${blob}: nobody makes it`,
  bottom: (/** @type {number} */ number) => `bottom ${number}`,
  instead: (/** @type {string} */ blob) => `instead of ${blob}`,
};

export const hints = {
  hide: 'Hide these hints; View brings them back',
  /** @type {Hint[]} */
  idle: [
    ['Scroll', 'moves'],
    [`${ctrl}+scroll`, 'zooms'],
    ['Shift+drag', 'selects'],
    ['?', 'all keys'],
  ],
  /** @type {Hint[]} */
  empty: [
    ['A', 'adds a layer'],
    ['Drag', 'a type from the left'],
  ],
  /** @type {Hint[]} */
  read: [
    ['Scroll', 'moves'],
    [`${ctrl}+scroll`, 'zooms'],
    ['/', 'searches'],
  ],
  /** @type {Hint[]} */
  one: [
    ['Drag a dot', 'wires'],
    ['Shift+click', 'selects to there'],
    [`${ctrl}+D`, 'duplicates'],
  ],
  /** @type {Hint[]} */
  oneByKeys: [
    ['← ↑ ↓ →', 'go on'],
    ['E', 'walks its edges'],
    ['C', 'connects'],
    ['A', 'adds after it'],
  ],
  /** @type {Hint[]} */
  many: [
    [`${ctrl}+D`, 'duplicates'],
    ['Del', 'deletes and heals'],
    ['F', 'fits'],
    ['Esc', 'lets go'],
  ],
  /** @type {Hint[]} */
  group: [
    ['Double-click', 'opens the group'],
    ['Drag a dot', 'wires'],
  ],
  /** @type {Hint[]} */
  edge: [
    ['Del', 'cuts'],
    ['A', 'adds a layer on it'],
    ['C', 'leads it elsewhere'],
    ['F2', 'renames its blob'],
  ],
  /** @type {Hint[]} */
  edgeByKeys: [
    ['← →', 'next edge'],
    ['↑ ↓', 'its ends'],
    ['Enter', 'menu'],
    ['Del', 'cuts'],
  ],
  /** @type {Hint[]} */
  port: [['Drag', 'draws a wire']],
  /** @type {Hint[]} */
  wire: [
    ['Drop', 'on a lit layer connects'],
    ['Esc', 'leaves it'],
  ],
  /** @type {Hint[]} */
  rewire: [
    ['Drop', 'on a lit layer leads it there, on nothing cuts'],
    ['Esc', 'leaves it'],
  ],
  /** @type {(layer: string) => Hint[]} */
  over: (layer) => [
    ['Let go', `connects ${layer}`],
    ['Esc', 'leaves it'],
  ],
  /** @type {Hint[]} */
  overGroup: [
    ['Let go', 'asks which layer of the group'],
    ['Esc', 'leaves it'],
  ],
  /** @type {Hint[]} */
  move: [
    ['Let go', 'leaves it here'],
    ['Esc', 'puts it back'],
    ['T', 'tidies up later'],
  ],
  /** @type {Hint[]} */
  box: [
    ['Drag', 'selects'],
    [`${ctrl}+drag`, 'adds'],
    ['Space+drag', 'moves the view'],
  ],
};
