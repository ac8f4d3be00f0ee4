/** What the editor says about costs, and about what verdicts rest on beside the text: sources, profile, solver. */

/** @param {number} count @param {string} noun */
const n = (count, noun) => `${count} ${noun}${count === 1 ? '' : 's'}`;

export const costs = {
  title: 'Cost',
  titleHint: 'For the batch that the net states, in the state shown',
  parameters: 'Parameters',
  parametersHint: 'Values in the blobs that this layer owns',
  netParametersHint: 'Values in all parameter blobs, shared ones once',
  macs: 'Multiply-adds',
  macsHint: 'Multiply-accumulates of one forward pass',
  activations: 'Activations',
  activationsHint: 'Memory of the blobs made, values only; their gradients take as much again',
  partly: 'where shapes are known',
  status: (/** @type {string} */ macs, /** @type {string} */ memory) => `${macs} MAC · ${memory}`,
  statusHint: (/** @type {string} */ macs, /** @type {string} */ bytes) =>
    `${macs} multiply-accumulates a forward pass · ${bytes} bytes of activations`,
};

export const premises = {
  source: {
    question: (/** @type {string} */ source) => `What does ${source} hold?`,
    label: 'Data source',
    axes: /** @type {const} */ (['Channels', 'Height', 'Width']),
    use: 'Use',
    useHint: 'Every shape that depends on it becomes known; kept with this net',
    forget: 'Forget',
    forgetHint: 'Take the answer back: its shapes are unknown again',
    wrong: 'Whole numbers from 1 on, please.',
  },
  profile: {
    label: 'Judged as',
    hint: 'Whose layer types and fields count',
    names: { bvlc: 'BVLC Caffe 1.0', fork: 'Any fork' },
    hints: {
      bvlc: 'What Caffe 1.0 lacks is an error, in its words',
      fork: 'What Caffe 1.0 lacks is taken for a fork’s, and the rest is checked',
    },
    suggested: 'as this file suggests',
  },
  solver: {
    label: 'Solver',
    none: 'none: drop a solver.prototxt',
    line: (/** @type {string} */ type, /** @type {string} */ rate) => `${type}, base_lr ${rate}`,
    details: (
      /** @type {{type: string, lr: string, policy: string, decay: string, momentum: string}} */ solver,
    ) =>
      `${solver.type} · base_lr ${solver.lr}${solver.policy ? ` (${solver.policy})` : ''} · weight_decay ${solver.decay} · momentum ${solver.momentum}`,
    remove: 'Take away',
    removeHint: 'The net stands without a solver again',
    attached: (/** @type {string} */ name) => `${name} trains this net now`,
    problems: (/** @type {number} */ count) => `${n(count, 'problem')} with it.`,
    waiting: (/** @type {string} */ name) => `${name} is a solver and waits for its net.`,
    rateOf: (/** @type {string} */ role, /** @type {string} */ field) =>
      `${field === 'lr_mult' ? 'Learning rate' : 'Weight decay'} of the ${role} under the solver`,
    rateHint: (/** @type {string} */ base, /** @type {string} */ factor) => `Effective under the solver: ${base} × ${factor}. Write what it is to be, and the multiplier follows.`,
  },
  state: {
    stages: 'Stages',
    stagesHint: 'The stages and levels that rules of this net ask about',
    level: 'Level',
    none: 'Stages: none',
    levelNow: (/** @type {number} */ level) => `level ${level}`,
  },
};
