/** What the editor says where nets are drawn: the palette, wires, copy and paste. */

/** @type {Record<string, string>} */
const families = {
  data: 'Data',
  vision: 'Vision',
  common: 'Common',
  activation: 'Activation',
  normalization: 'Normalization',
  recurrent: 'Recurrent',
  loss: 'Loss and accuracy',
  utility: 'Utility',
  fork: 'Only in forks of Caffe',
};

export const drawing = {
  untitled: 'untitled',
  newNet: 'Or draw a new net from nothing',
  tabs: { label: 'Left', layers: 'Layers', add: 'Add' },
  palette: {
    label: 'Layer types',
    search: 'Search layer types',
    placeholder: 'Type of layer',
    none: 'No layer type fits.',
    families,
    hint: {
      none: 'Drag a type onto the canvas, or press Enter to add it.',
      one: (/** @type {string} */ name) => `Enter adds after ${name}, Shift+Enter puts it before ${name}’s readers.`,
      many: (/** @type {number} */ count) => `Enter adds a layer that reads the ${count} selected ones.`,
    },
  },
};
