/** What the editor says where nets are drawn: the palette, wires, copy and paste. */

const mac = /Mac|iPhone|iPad/.test(globalThis.navigator?.platform ?? '');
const ctrl = mac ? '⌘' : 'Ctrl';

/** @param {number} count */
const layers = (count) => `${count} ${count === 1 ? 'layer' : 'layers'}`;

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
  /** @type {[string, [string, string][]]} */
  help: [
    'Drawing a net',
    [
      ['A', 'Add a layer'],
      ['F2', 'Rename the layer, or the blob of the edge'],
      ['C', 'Draw an edge to another layer, or lead the selected edge there'],
      ['Shift + C', 'Draw an edge into the layer'],
      ['I', 'Work in place, or not'],
      ['Alt + ↑ or ↓', 'Earlier or later in the file'],
      ['Delete', 'Delete the layers, or cut the edge'],
      [`${ctrl} + C or X`, 'Copy or cut as prototxt'],
      [`${ctrl} + V`, 'Paste layers'],
      [`${ctrl} + Shift + V`, 'Paste with what they read'],
      ['Drag from a dot', 'Draw a wire, or take its end off'],
      ['Drag a card', 'Move it'],
      ['Alt + Drag', 'Select by a lasso'],
    ],
  ],
  untitled: 'untitled',
  newNet: 'Or draw a new net from nothing',
  ask: {
    none: 'No layer fits.',
    more: (/** @type {number} */ count) => `and ${count} more: type to narrow the list`,
    newName: 'New name',
    rename: 'Rename',
    renameLayer: (/** @type {string} */ name) => `Rename layer ${name}`,
    renameBlob: (/** @type {string} */ name) => `Rename blob ${name}`,
    blobToo: 'Its blob of the same name too',
    connect: (/** @type {string} */ name) => `Connect ${name}`,
    connectAction: 'Connect',
    reader: 'Which layer is to read it',
    source: 'Which blob it is to read',
    lead: (/** @type {string} */ blob) => `Lead ${blob} to another layer`,
    whichTop: (/** @type {string} */ name) => `Connect ${name}`,
    top: 'Which of its blobs',
    next: 'Next',
    readFrom: (/** @type {string} */ name) => `What ${name} reads`,
    whichBottom: (/** @type {string} */ name) => `Connect into ${name}`,
    bottom: 'Which of its bottoms',
    open: 'open',
    instead: 'to be read instead',
    another: 'One more bottom',
  },
  menu: {
    rename: 'Rename …',
    renameBlob: (/** @type {string} */ name) => `Rename blob ${name} …`,
    connect: 'Connect to …',
    readFrom: 'Read from …',
    openGroup: 'Open the group',
    collapse: (/** @type {string} */ title, /** @type {number} */ size) => `Collapse ${title}, ${size} layers`,
    addHere: 'Add a layer here …',
    lead: 'Lead to another layer …',
    goTo: (/** @type {string} */ name) => `Go to ${name}`,
    cutEdge: 'Cut',
    inPlace: 'Work in place',
    ownTop: 'Give it a top of its own',
    cut: (/** @type {string} */ blob) => `Disconnect from ${blob}`,
    splitPhases: 'Split into one for TRAIN and one for TEST',
    otherPhase: (/** @type {string} */ phase) => `Add one of this name for ${phase}`,
    up: 'Earlier in the file',
    down: 'Later in the file',
    add: 'Add a layer …',
  },
  clipboard: {
    copied: (/** @type {number} */ count) => `${layers(count)} copied`,
    cut: (/** @type {number} */ count) => `${layers(count)} cut`,
    pasted: (/** @type {number} */ count) => `${layers(count)} pasted`,
    hint: `${ctrl}+V pastes them here or in another net, ${ctrl}+Shift+V with what they read.`,
    open: 'Their inputs are open: draw wires to them.',
    copy: 'Copy',
    cutIt: 'Cut',
    paste: 'Paste',
    pasteInputs: 'Paste with what they read',
  },
  quick: {
    label: 'Add a layer',
    alone: 'Add a layer here',
    between: (/** @type {string} */ source, /** @type {string} */ target) => `Add between ${source} and ${target}`,
    after: (/** @type {string} */ layer, /** @type {string} */ blob) => `Add a reader of ${blob === layer || !blob ? layer : `${layer}’s ${blob}`}`,
    feeds: (/** @type {string} */ layer) => `Add what ${layer} reads`,
  },
  empty: {
    title: 'An empty net',
    how: `Double-click to add a layer here, drag one from the left, or paste a prototxt with ${ctrl}+V.`,
  },
  tabs: { label: 'Layers and types', layers: 'Layers', add: 'Add' },
  palette: {
    label: 'Layer types',
    search: 'Search layer types',
    placeholder: 'Type of layer',
    none: 'No layer type fits.',
    families,
    where: {
      between: (/** @type {string} */ source, /** @type {string} */ target) => `between ${source} and ${target}`,
      after: (/** @type {string} */ layer) => `reads ${layer}`,
      alone: 'reads nothing yet',
      source: 'stands here',
    },
    hint: {
      edge: (/** @type {string} */ source, /** @type {string} */ target) => `Enter puts it between ${source} and ${target}.`,
      none: 'Drag a type onto the canvas, or press Enter to add it.',
      one: (/** @type {string} */ name) => `Enter adds after ${name}, Shift+Enter puts it before ${name}’s readers.`,
      many: (/** @type {number} */ count) => `Enter adds a layer that reads the ${count} selected ones.`,
    },
  },
};
