/** What the text of the net says. */

export const text = {
  label: 'The prototxt',
  loading: 'Reading …',
  saved: 'The graph shows this text.',
  waiting: 'The graph follows when you pause.',
  refused: (/** @type {number | undefined} */ line, /** @type {number | undefined} */ column) =>
    line ? `Line ${line}${column ? `:${column}` : ''}` : 'This text is no net',
  metEnd: 'got: the end of the text.',
  refusedHint: 'The graph shows the last text that could be read.',
  readOnly: 'This file is not UTF-8: its bytes are kept, but its text can only be read here.',
  clash: 'Somebody changed the same place while you typed. Everything else is brought together; which of the two is to stay?',
  keepMine: 'Mine',
  takeTheirs: 'Theirs',
  caffeSays: 'Caffe says:',
  madeBy: (/** @type {string} */ layer) => `made by ${layer}`,
  param: 'shared parameters',
  blob: (/** @type {string} */ by, /** @type {readonly string[]} */ readers) =>
    `Made by ${by}${readers.length ? `, read by ${readers.slice(0, 5).join(', ')}${readers.length > 5 ? ' …' : ''}` : '; nobody reads it'}. F12 goes there, F2 renames it.`,
  rename: {
    title: { blob: 'Rename the blob', param: 'Rename what is shared', layer: 'Rename the layer' },
    label: { blob: 'Its new name, wherever it is made or read', param: 'Its new name, for all who share it', layer: 'Its new name; its weights follow' },
    action: 'Rename',
  },
  /** CodeMirror's own words, which are lower case, by what they are in it. */
  search: {
    next: 'Next',
    previous: 'Previous',
    all: 'All',
    'match case': 'Match case',
    regexp: 'Regular expression',
    'by word': 'Whole words',
    replace: 'Replace',
    'replace all': 'Replace all',
    Replace: 'Replace by',
    close: 'Close',
  },
  fold: 'Fold',
  unfold: 'Unfold',
};
