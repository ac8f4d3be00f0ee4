/** What the canvas says by itself: what keys and mouse do now. */

const mac = /Mac|iP(hone|ad)/.test(globalThis.navigator?.userAgent ?? '');
const ctrl = mac ? '⌘' : 'Ctrl';

/** A key or gesture, and what it does. @typedef {readonly [string, string]} Hint */

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
