/** What is said around Caffe's own words. */

export const problems = {
  severity: { error: 'Error', warning: 'Warning', info: 'Note' },
  groups: { error: 'Caffe refuses', warning: 'Caffe is silent, but', info: 'Good to know' },
  none: 'No problems. Caffe would accept this net.',
  caffeSays: 'Caffe says:',
  place: (/** @type {number} */ line, /** @type {number | null} */ column) =>
    column ? `line ${line}:${column}` : `line ${line}`,
  onlyIn: (/** @type {string} */ phase) => `Only in ${phase}`,
  fixed: (/** @type {string} */ title) => `Fixed: ${title}`,
  fixKinds: {
    unshare: 'Unshare all of these',
    one_rate: 'One rate for each group',
    rename_layer: 'Rename all of these',
    delete_layers: 'Delete all of these',
    set_rate: 'Set all these rates',
    share: 'Share all of these',
    other: 'Fix all of these',
  },
  fixAll: (/** @type {string} */ title, /** @type {number} */ count) => `${title} (${count})`,
  fixAllHint: 'Also by Ctrl+Shift+. on one of them',
  inBoth: 'In TRAIN and TEST',
  seek: 'Filter the problems',
  seekHint: 'Words, layer or code',
  seekPhase: 'Problems of which phase',
  anyPhase: 'Any phase',
  inPhase: (/** @type {string} */ phase) => `That ${phase} has`,
  found: (/** @type {number} */ found, /** @type {number} */ all) => `${found} of ${all}`,
  noneFound: 'No problem fits.',
  keysHint: 'F8 next · Enter shows · Ctrl+. fixes · Ctrl+Shift+. fixes all of its kind',
  more: (/** @type {number} */ count) => `Show ${count} more`,
};
