/** What the forms of layers say. */

/** @param {number} count @param {string} word */
const n = (count, word) => `${count} ${word}${count === 1 ? '' : 's'}`;

export const forms = {
  settings: 'Settings',
  settingsOf: (/** @type {string} */ field) => `Settings in ${field}`,
  none: 'Nothing to set for this type.',
  general: 'In the net',
  more: (/** @type {number} */ count) => `${n(count, 'more field')}`,
  unknown: 'Caffe 1.0 does not know this field; it is kept as it stands.',
  byDefault: (/** @type {string | null} */ value) => (value === null ? 'default' : `${value} (default)`),
  unset: 'not set',
  mixed: 'mixed',
  list: 'one or more, by commas',
  shape: 'such as 1, 3, 224, 224',
  shapeOf: (/** @type {string} */ name, /** @type {number} */ index) => `${name} ${index + 1}`,
  addTo: (/** @type {string} */ name) => `Add ${/^[aeiou]/.test(name) ? 'an' : 'a'} ${name}`,
  remove: (/** @type {string} */ name) => `Take out ${name}`,
  lives: 'lives in',
  livesDoc: 'In which phases the layer is part of the net: its include and exclude rules.',
  phases: { both: 'TRAIN and TEST', TRAIN: 'TRAIN only', TEST: 'TEST only', own: 'rules of its own' },
  ruleDoc: {
    include: 'The layer is in the net where one of its include rules holds: phase, min_level, max_level, stage, not_stage.',
    exclude: 'The layer is out of the net where one of its exclude rules holds: phase, min_level, max_level, stage, not_stage.',
  },
  ruleSuch: 'phase: TEST stage: "deploy"',
  notShape: 'A shape is whole numbers: 1, 3, 224, 224',
  several: (/** @type {number} */ count) => `What is set here is set in ${count === 2 ? 'both' : `all ${count}`} layers.`,
};
