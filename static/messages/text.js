/** What the text of the net says. */

export const text = {
  label: 'The prototxt',
  loading: 'Reading …',
  saved: 'The graph shows this text.',
  waiting: 'The graph follows when you pause.',
  refused: (/** @type {number | undefined} */ line, /** @type {number | undefined} */ column) =>
    line ? `Line ${line}${column ? `:${column}` : ''}` : 'This text is no net',
  refusedHint: 'The graph shows the last text that could be read.',
  readOnly: 'This file is not UTF-8: its bytes are kept, but its text can only be read here.',
  clash: 'Somebody changed the same place while you typed. Everything else is brought together; which of the two is to stay?',
  keepMine: 'Mine',
  takeTheirs: 'Theirs',
  caffeSays: 'Caffe says:',
  fold: 'Fold',
  unfold: 'Unfold',
};
