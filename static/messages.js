/** Every text that the editor says to people, in one place. Functions where a text holds a number or a name. */

/** @import {Phase} from "./model/types.js" */

import { duplicate } from './messages/duplicate.js';
import { problems } from './messages/problems.js';
import { costs, premises } from './premises-messages.js';

/** @param {number} count @param {string} one @param {string} [many] */
const n = (count, one, many = `${one}s`) => `${count} ${count === 1 ? one : many}`;

const mac = /Mac|iPhone|iPad/.test(globalThis.navigator?.platform ?? '');
const ctrl = mac ? '⌘' : 'Ctrl';

/** What a picture shows: the selected layers, or all. @param {number} count */
const what = (count) => (count === 0 ? 'the net' : count === 1 ? 'the selected layer' : `the ${count} selected layers`);

export const messages = {
  costs,
  premises,

  close: 'Close',
  cancel: 'Cancel',

  keys: { ctrl, undo: `${ctrl}+Z`, redo: `${ctrl}+Shift+Z`, duplicate: `${ctrl}+D` },

  app: {
    pageTitle: (/** @type {string} */ name) => `${name} · Netgraft`,
    left: 'Layers',
    centre: 'Net',
    right: 'Details',
    bottom: 'Problems and text',
    inspector: 'Inspector',
    shares: 'Shares',
    problems: 'Problems',
    source: 'Prototxt',
    tabs: { right: 'Details', bottom: 'Problems and text' },
    resize: { left: 'Resize the list of layers', right: 'Resize the details', bottom: 'Resize the problems' },
    fold: { right: 'Fold the details away or back', bottom: 'Fold the problems away or back' },
    dockBeside: 'Put these beside the net',
    dockBelow: 'Put these below the net',
    unfold: { left: 'Show the list of layers', right: 'Show the details' },
    unfurnished: 'The panels around the net did not come.',
    reload: 'Load the page again once the server can be reached.',
    thisIsAnExample: 'This is an example to try things on.',
    bringYourOwn: 'Your own net: drop its prototxt and caffemodel anywhere on the page.',
    dropHere: 'Drop to open',
    dropHint: 'A prototxt, its caffemodel, its solver',
    noSuchLayer: (/** @type {string} */ key) => `This net has no layer named ${key}.`,
    howToSelect:
      'Click a layer, Shift-click for all up to another, or hold Shift and drag a box. Then press Duplicate.',
    deleted: (/** @type {number} */ count) => `${n(count, 'layer')} deleted`,
    healed: 'Their readers now read what they read.',
  },

  topbar: {
    home: 'Netgraft, to the start page',
    open: 'Open',
    openHint: 'Open a prototxt and its weights, or an earlier net',
    examples: 'Examples',
    undo: 'Undo',
    redo: 'Redo',
    undoStep: (/** @type {string} */ title) => `Undo: ${title}`,
    redoStep: (/** @type {string} */ title) => `Redo: ${title}`,
    stateLabel: 'State of the net',
    stateHint: {
      TRAIN: 'Look at the net as Caffe builds it for training',
      TEST: 'Look at the net as Caffe builds it for testing and deployment',
    },
    duplicate: 'Duplicate',
    duplicateHint: (/** @type {number} */ count) =>
      `Graft copies of the ${count === 1 ? 'selected layer' : `${count} selected layers`}`,
    duplicateNothing: 'Select the layers to duplicate first',
    download: 'Download',
    downloadZip: 'The pair, as a zip',
    downloadZipHint: 'prototxt and caffemodel, ready to train',
    downloadPrototxt: 'The prototxt',
    downloadCaffemodel: 'The caffemodel',
    downloadPicture: {
      png: (/** @type {number} */ count) => `A picture of ${what(count)} (PNG)`,
      svg: (/** @type {number} */ count) => `A drawing of ${what(count)} (SVG)`,
    },
    noWeights: 'This net has no weights yet: drop its .caffemodel on the page',
    theme: 'Theme',
    themes: { light: 'Light', dark: 'Dark', system: 'As the system' },
    help: 'Keyboard and mouse',
    saved: (/** @type {number} */ revision) => `Revision ${revision} · saved`,
    savedHint: 'Every step is saved at once and can be undone',
    working: 'Working …',
  },

  layerList: {
    title: 'Layers',
    filter: 'Filter layers by name, type or blob',
    placeholder: 'Name, type or blob',
    found: (/** @type {number} */ found, /** @type {number} */ all) => `${found} of ${all}`,
    none: 'No layer fits.',
    selectFound: (/** @type {number} */ count) => `Select ${count}`,
    selectFoundHint: `Select all that are listed (${ctrl}+Enter)`,
    inactive: (/** @type {readonly Phase[]} */ phases) =>
      `Not in the state shown (${phases.join(', ') || 'other stages'})`,
    shared: 'Shares parameters',
    frozen: 'Frozen',
    errors: (/** @type {number} */ count) => n(count, 'error'),
    warnings: (/** @type {number} */ count) => n(count, 'warning'),
  },

  view: {
    label: 'What the picture shows',
    shares: 'Share links',
    sharesHint: 'Draw the links between all layers that share parameters, not only the selected ones',
    rates: 'Rates',
    ratesHint: 'Colour layers by how fast they learn, from frozen to fast',
  },

  layerMenu: {
    label: 'Layers',
    selectAll: 'Select all layers',
    invert: 'Select all others instead',
    duplicate: (/** @type {number} */ count) => (count === 1 ? 'Duplicate …' : `Duplicate ${count} layers …`),
    freeze: 'Freeze',
    unfreeze: 'Unfreeze',
    upstream: 'Select everything upstream too',
    downstream: 'Select everything downstream too',
    between: (/** @type {string} */ from, /** @type {string} */ to) => `Select all between ${from} and ${to}`,
    sameType: (/** @type {string} */ type) => `Select all of type ${type}`,
    sharers: 'Select those it shares with too',
    remove: (/** @type {number} */ count) => (count === 1 ? 'Delete and heal' : `Delete ${count} layers and heal`),
    deleteKey: 'Del',
  },

  inspector: {
    rename: 'Rename this layer',
    newName: 'New name of the layer',
    renameNet: 'Rename the net',
    newNetName: 'New name of the net; empty takes it out',
    blobs: 'Blobs',
    bottom: 'bottom',
    top: 'top',
    from: 'from',
    fromNowhere: 'made by nobody before it',
    to: 'read by',
    inPlace: 'in place',
    parameters: 'Parameters',
    noParameters: 'This layer has no parameters.',
    problems: 'Problems',
    unknownType: 'Netgraft does not know this type: what it does and its shapes are left open.',
    inactive: (/** @type {readonly Phase[]} */ phases) =>
      `Not part of the net in the state shown${phases.length === 1 ? `; it lives in ${phases[0]}` : '; its rules ask for a stage or level'}.`,
    lines: (/** @type {number} */ from, /** @type {number} */ to) =>
      from === to ? `Line ${from}` : `Lines ${from}–${to}`,
    wholeNet: 'The whole net',
    layers: 'Layers',
    ofFile: (/** @type {number} */ all) => `of ${all} in the file`,
    outputs: 'Outputs',
    groups: 'Share groups',
    weightsFile: 'Weights',
    weightsMissing: 'none: drop a .caffemodel',
    selectHint: 'Select layers to see their shapes, rates and sharing here, and to duplicate them.',
  },

  params: {
    blob: 'Blob',
    rateLabel: (/** @type {string} */ role, /** @type {string} */ field) => `${field} of the ${role}`,
    stated: (/** @type {string} */ field) => `${field} as the prototxt states it; empty it to take the statement out`,
    unstated: (/** @type {string} */ field, /** @type {string} */ now) => `${field} is not stated; Caffe uses ${now}`,
    ruled: (/** @type {string} */ now) => `owner: ${now}`,
    ruledBy: (/** @type {string} */ owner) => `A shared blob has its owner's rate; the owner is ${owner}`,
    notANumber: 'Not a number',
    tooLarge: 'Too large for a 32-bit float',
    owner: 'Owner, with',
    ownedBy: 'Owned by',
    namedAlone: (/** @type {string} */ name) => `named ${name}, shared with nobody`,
    unshare: 'Unshare',
    unshareHint: 'Give this blob weights of its own',
    freeze: 'Freeze',
    unfreeze: 'Unfreeze',
  },

  multi: {
    title: (/** @type {number} */ count) => `${count} layers`,
    rates: 'Rates of all',
    layers: (/** @type {number} */ count) => `in ${n(count, 'layer')}`,
    mixed: 'mixed',
    rateLabel: (/** @type {string} */ role, /** @type {string} */ field, /** @type {number} */ count) =>
      `${field} of the ${role} in ${n(count, 'layer')}`,
    noParameters: 'None of these layers has parameters.',
    freeze: 'Freeze',
    scale: (/** @type {number} */ factor) => `lr × ${factor}`,
    scaleHint: 'Multiply lr_mult of every blob, which keeps weight to bias',
    sharing: 'Sharing',
    share: 'Share between these layers',
    shareHint: 'Make their parameters one: the first layer owns them',
    unshare: 'Unshare these layers',
    startHint: 'Each of these layers from the layer there that has the name of the stored one it starts from now',
    list: 'Selected layers',
    more: (/** @type {number} */ count) => `and ${count} more`,
  },

  shares: {
    none: 'No two layers share parameters.',
    noneHint: 'Duplicate layers with shared weights, or select layers of one type and share them in the inspector.',
    hint: "Each group is one set of values in Caffe, learned at one rate: its owner's.",
    newName: 'New name of the group',
    rename: (/** @type {string} */ name) => `Rename ${name}`,
    select: (/** @type {string} */ name) => `Select the layers of ${name}`,
    dissolve: (/** @type {string} */ name) => `Dissolve ${name}: every layer gets values of its own`,
    merge: (/** @type {string} */ name) => `Merge another group into ${name}`,
    mergeTitle: (/** @type {string} */ name) => `Merge into ${name}`,
    mergeLabel: 'Which group of the same shape',
    mergeAction: 'Merge',
    part: (/** @type {number} */ count, /** @type {string} */ name) =>
      `Split ${count === 1 ? 'the selected layer' : `the ${count} selected layers`} off ${name}`,
    owner: 'owner',
    ownerHint: 'The first user in file order: Caffe keeps its values and its rate',
    unshare: 'unshare',
    seek: 'Filter the groups',
    seekHint: 'Name or layer',
    ofSelected: 'of the selected layers',
    found: (/** @type {number} */ found, /** @type {number} */ all) => `${found} of ${all}`,
    noneFound: 'No group fits.',
    moreGroups: (/** @type {number} */ count) => `Show ${count} more`,
    dissolved: (/** @type {string} */ name) => `${name} is dissolved`,
    unshared: (/** @type {readonly string[]} */ layers) => (layers.length === 1 ? `${layers[0]} shares no longer` : `${layers.length} layers share no longer`),
    apart: (/** @type {boolean} */ weights) =>
      `Each layer now learns a copy of its own, at its own lr_mult, or the group’s where it stated none. ${
        weights ? 'It starts from what the caffemodel holds under its own name, else from what the owner had.' : 'It starts from its own filler.'
      }`,
    unshareMember: (/** @type {string} */ layer) => `Unshare ${layer}`,
    more: (/** @type {number} */ count) => `and ${count} more`,
  },

  problems,

  source: { label: 'The prototxt' },

  status: {
    notMeant: 'not meant',
    notMeantHint: (/** @type {string} */ phase, /** @type {string} */ other) =>
      `This file has no ${phase} net: its data layers live in ${other} only.`,
    accepts: 'Caffe would accept',
    acceptsFork: 'A fork with these layers would accept',
    refuses: (/** @type {string} */ words) => `Caffe refuses: ${words}`,
    selected: (/** @type {number} */ count) => `${count} selected`,
    layers: (/** @type {number} */ count) => n(count, 'layer'),
    parameters: (/** @type {string} */ count) => `${count} parameters`,
    noWeights: 'no weights',
    fromFillers: (/** @type {number} */ count) => `${n(count, 'layer')} from fillers`,
    clashes: (/** @type {number} */ count) => `${n(count, 'layer')} would not load`,
    weightsHint: (/** @type {string} */ file, /** @type {readonly string[]} */ open) =>
      open.length ? `${file}: not from it ${open.slice(0, 8).join(', ')}${open.length > 8 ? ` and ${open.length - 8} more` : ''}` : `${file}: every layer loads`,
  },

  commands: { problems: 'Show the problems', show: 'Show' },

  duplicate,

  open: {
    title: 'Open',
    choose: 'Choose files …',
    chooseHint: 'A prototxt, its caffemodel, or both; dropping them on the page works too',
    recent: 'Earlier nets',
    really: 'Delete for good',
    remove: (/** @type {string} */ name) => `Delete ${name} and its history`,
  },

  files: {
    strange: (/** @type {string} */ name) => `${name} is neither a net nor weights.`,
    folder: (/** @type {string} */ name) => `${name} is a folder: drop the files that are in it.`,
    wanted: 'Netgraft opens .prototxt (a net, or its solver) and .caffemodel (its weights).',
    tooMany: 'One net, one caffemodel and one solver at a time, please.',
    tooManyDetail: 'Nothing was opened.',
    waiting: (/** @type {string} */ name) => `${name} is waiting for its net.`,
    waitingDetail: 'Now drop the prototxt that belongs to it.',
    uploading: (/** @type {string} */ what) => `Uploading ${what}`,
    reading: (/** @type {string} */ what) => `Reading ${what}`,
    attached: (/** @type {string} */ name) => `${name} belongs to this net now`,
    loads: (/** @type {number} */ loads, /** @type {number} */ all) =>
      `${loads} of ${n(all, 'layer')} with parameters load from it.`,
  },

  errors: {
    generic: 'That did not work',
    titles: {
      'not-a-prototxt': 'This is no prototxt. Nothing was changed.',
      'is-a-solver': 'This file is a solver. Nothing was changed.',
      'not-a-solver': 'This file is no solver. Nothing was changed.',
      'no-layers': 'This file is no net. Nothing was changed.',
      'weights-damaged': 'This caffemodel is damaged or cut short. Nothing was changed.',
      'weights-clash': 'These weights do not fit the net: Caffe would refuse them. Nothing was changed.',
      'too-large': 'This is too large. Nothing was changed.',
      'disk-full': 'The server has no room left. Nothing was changed.',
    },
    damaged: 'The last revision of this net is damaged.',
    goBack: (/** @type {number} */ revision) => `Go back to revision ${revision}`,
    status: (/** @type {number} */ status) => `The server answered ${status}.`,
    unreachable: 'The server does not answer. Is `netgraft serve` still running?',
    cancelled: 'Cancelled',
    notAdmitted: 'This server no longer knows this browser: open the address that it printed when it started.',
    stale: 'This net was changed elsewhere.',
    staleShown: 'It is shown as it is now.',
  },

  notices: { label: 'Notices', more: (/** @type {number} */ count) => `and ${count} more` },

  empty: {
    title: 'Graft a Caffe net',
    lead: 'Take a pretrained net, duplicate part of it, decide what the copies share and how fast each learns. See what Caffe would say before it runs, and take away the prototxt and the caffemodel, ready to train.',
    drop: 'Drop a prototxt and its caffemodel here',
    dropNet: (/** @type {string} */ weights) => `Now drop the prototxt of ${weights}`,
    dropHint: 'together or one after the other, or press to choose files',
    steps: /** @type {[string, string][]} */ ([
      ['Select', 'the layers to copy, on the canvas or in the list.'],
      ['Duplicate', 'them: names, sharing, rates and joins, with a live preview.'],
      ['Download', 'the pair. Shared or not, the weights are where Caffe looks for them.'],
    ]),
    examples: 'Or begin with an example',
    recent: 'Earlier nets',
    recentHint: (
      /** @type {string | null} */ changed,
      /** @type {number} */ revision,
      /** @type {string | null} */ weights,
    ) => [changed, `revision ${revision}`, weights ?? 'no weights'].filter(Boolean).join(' · '),
    exampleHint: (/** @type {string} */ what, /** @type {number} */ layers) =>
      [what, layers ? n(layers, 'layer') : ''].filter(Boolean).join(' · '),
  },

  help: {
    title: 'Keyboard and mouse',
    canvas: 'Keys on the canvas',
    groups: /** @type {[string, [string, string][]][]} */ ([
      [
        'Everywhere',
        [
          [`${ctrl} + D`, 'Duplicate the selection'],
          [`${ctrl} + Z`, 'Undo'],
          [`${ctrl} + Shift + Z`, 'Redo'],
          ['/', 'Search layers'],
          [`${ctrl} + S`, 'Download the pair'],
          [`${ctrl} + O`, 'Open'],
          ['Alt + PageDown or PageUp', 'Next or previous open net'],
          ['Delete', 'Delete the selected layers'],
          [`${ctrl} + A`, 'Select all'],
          ['Escape', 'Select nothing'],
          ['?', 'This map'],
        ],
      ],
      [
        'Mouse on the canvas',
        [
          ['Click', 'Select a layer'],
          ['Shift + Click', 'Select all up to here'],
          [`${ctrl} + Click`, 'Add or take out'],
          ['Shift + Drag', 'Select by a box'],
          ['Drag', 'Move the view'],
          [`${ctrl} + Wheel`, 'Zoom'],
          ['Double-click', "Show a layer's details"],
          ['Right-click', 'What can be done with it'],
        ],
      ],
      [
        'Problems',
        [
          ['F8', 'Next problem (with Shift: the one before)'],
          ['Enter', 'Its layer and its line'],
          [`${ctrl} + .`, 'Its first fix'],
          [`${ctrl} + Shift + .`, 'Fix all of its kind'],
        ],
      ],
      [
        'Prototxt',
        [
          [`${ctrl} + Space`, 'What may stand here'],
          [`${ctrl} + F`, 'Find and replace in the text'],
          ['F12', 'Where the blob is made or used'],
          ['F2', 'Rename the blob, layer or param'],
          ['F8', 'Next problem'],
          [`${ctrl} + Shift + [`, 'Fold'],
        ],
      ],
      [
        'List of layers',
        [
          ['↑ or ↓', 'Next layer'],
          ['Shift + ↓', 'Extend the selection'],
          ['Space', 'Add or take out'],
          ['Enter', 'Select and show'],
          [`${ctrl} + Enter`, 'In the search: select all found'],
        ],
      ],
    ]),
  },
};
