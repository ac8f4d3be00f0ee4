/** What the duplicate dialog says. */

/** @param {number} count @param {string} one @param {string} [many] */
const n = (count, one, many = `${one}s`) => `${count} ${count === 1 ? one : many}`;

/** @param {readonly string[]} names @param {number} most */
const listed = (names, most = 4) =>
  names.length > most ? `${names.slice(0, most).join(', ')} and ${names.length - most} more` : names.join(', ');

export const duplicate = {
  title: 'Duplicate layers',
  what: 'What',
  layers: 'Layers',
  unknown: (/** @type {readonly string[]} */ words) => `No layer is named ${listed(words)}.`,
  counted: (
    /** @type {number} */ count,
    /** @type {readonly string[]} */ inputs,
    /** @type {readonly string[]} */ outputs,
  ) =>
    count
      ? `${n(count, 'layer')}${inputs.length ? `, reading ${listed(inputs)}` : ''}${outputs.length ? `, giving ${listed(outputs)}` : ''}. Names, FROM..TO and patterns like conv* work.`
      : 'Write names, FROM..TO or patterns like conv*.',
  copies: 'Copies',
  howMany: 'How many copies in all',
  fewer: 'One copy less',
  moreCopies: 'One copy more',
  copy: 'Copy',
  affixKind: 'Names get a suffix or a prefix',
  suffix: 'Suffix',
  prefix: 'Prefix',
  affixOf: (/** @type {string} */ kind, /** @type {number} */ copy) =>
    `${kind === 'suffix' ? 'Suffix' : 'Prefix'} of copy ${copy}`,
  keepsNames: 'original names',
  keepFirst: 'The first copy keeps its names',
  optionProblems: {
    label: 'Name the blob that says which pairs are alike.',
    empty: 'Each copy needs something to tell its names by.',
    twice: 'Two copies would have the same names.',
  },
  rate: 'Learning rate',
  rateOf: (/** @type {number} */ copy) => `Learning rate of copy ${copy}`,
  rateValue: (/** @type {number} */ copy) => `Value for copy ${copy}`,
  rateSlider: (/** @type {number} */ copy) => `Slider for copy ${copy}`,
  rates: { keep: 'as it is', set: 'lr_mult =', scale: 'lr_mult ×', freeze: 'frozen' },
  ownRates: (/** @type {number} */ count) => `${n(count, 'layer')} at copy 1's rate`,
  sharing: 'Sharing',
  sharingHint: (/** @type {number} */ shared, /** @type {number} */ all) =>
    shared === 0
      ? 'Independent: every copy has weights of its own, started from the same values.'
      : shared === all
        ? 'Shared: all copies are one set of weights, learned at one rate.'
        : `${shared} of ${all} layers shared, the others independent.`,
  shareAll: 'Share all',
  shareNone: 'Share none',
  shared: 'shared',
  independent: 'independent',
  downToHere: 'share down to here',
  downTo: (/** @type {string} */ layer) => `Share down to ${layer}`,
  downToLegend: 'shares all layers down to that one.',
  evenRates: 'Layers that are shared learn at one rate in Caffe.',
  evenRatesAll: "Use copy 1's rate for all that is shared",
  downToHint: 'Share this layer and all before it, free the rest',
  nothingToShare: 'None of these layers has parameters.',
  inputs: 'Inputs',
  noInputs: 'These layers read nothing from outside.',
  inputKinds: { same: 'Same for all', separate: 'One each', slice: 'Slice' },
  inputHints: {
    same: 'All copies read the same blob',
    separate: 'Each copy reads a new input of its own, of the same shape',
    slice: 'Each copy reads its slice of one paired blob',
  },
  sliceAxis: 'Slice along axis',
  join: 'Outputs',
  joinKinds: { none: 'Leave', concat: 'Concat', eltwise: 'Eltwise', contrastive: 'Contrastive' },
  joinHints: {
    none: 'Readers outside stay on the first copy.',
    concat: "A Concat puts the copies' outputs side by side; readers move to it.",
    eltwise: "An Eltwise combines the copies' outputs; readers move to it.",
    contrastive: 'A ContrastiveLoss compares two copies by a label.',
  },
  axis: 'Axis',
  operation: 'Operation',
  label: 'Label blob',
  joinName: 'Name',
  automatic: 'automatic',
  joined: 'Which outputs',
  extras: 'And then',
  dropExtras: 'Leave these out',
  preview: 'What comes of it',
  drawnPart: (/** @type {number} */ each) => `Drawn are ${each} layers of each copy, from its beginning and its end.`,
  previewGraph: 'Preview of the copies',
  tabs: { graph: 'Graph', text: 'Text', report: 'Report' },
  working: 'Working …',
  problems: 'Problems of the result',
  moreProblems: (/** @type {number} */ count) => `and ${count} more: all of them are listed once the copies are made`,
  caffeAccepts: 'Caffe would accept the result; nothing new to say about it.',
  lost: (/** @type {readonly string[]} */ names) =>
    `The trained weights of ${listed(names, 6)} have another shape than the new net needs: ${names.length === 1 ? 'it starts from its filler' : 'they start from their fillers'}.`,
  refused: 'This cannot be made.',
  emptySelection: 'No layer is chosen yet.',
  apply: (/** @type {number} */ count) => `Make ${count} copies`,
  summary: (
    /** @type {string} */ added,
    /** @type {number} */ copied,
    /** @type {number} */ shared,
    /** @type {number} */ filler,
    /** @type {readonly string[]} */ lost,
    /** @type {boolean} */ trained,
  ) =>
    [
      `${added} new ${added === '1' ? 'layer' : 'layers'}`,
      copied ? `${n(copied, 'blob')} ${trained ? 'copied' : copied === 1 ? 'of its own' : 'of their own'}` : '',
      shared ? `${shared} shared` : '',
      filler ? `${filler} from fillers` : '',
      lost.length ? `${n(lost.length, 'layer')} without ${lost.length === 1 ? 'its' : 'their'} trained weights` : '',
    ]
      .filter(Boolean)
      .join(' · '),
  done: (/** @type {number} */ copies, /** @type {number} */ layers) => `${copies} copies of ${n(layers, 'layer')}`,
  report: {
    copy: 'Copy',
    layer: 'Layer',
    from: 'From',
    blobs: 'Blobs',
    noBlobs: 'no parameters',
    rates: (/** @type {string} */ lr, /** @type {string} */ decay) => `lr ${lr} · decay ${decay}`,
    states: { copied: 'copied', shared: 'shared as', filler: 'starts from its filler' },
    upgraded: 'Rewritten in the format of Caffe 1.0 first',
    clashes: 'Names that were taken',
    more: (/** @type {number} */ count) => `and ${n(count, 'layer')} more`,
  },
};
