/** Graphs for tests, the demo page and the benchmarks: made up, or from Caffe's recorded verdicts. */

/** @typedef {import('../model/types.js').Graph} Graph */
/** @typedef {import('../model/types.js').LayerCard} LayerCard */
/** @typedef {import('../model/types.js').ParamBlob} ParamBlob */

/** @type {Record<string, import('../model/types.js').Family>} */
const FAMILIES = {
  Data: 'data', Input: 'data', ImageData: 'data', HDF5Data: 'data', MemoryData: 'data', DummyData: 'data',
  Convolution: 'vision', Deconvolution: 'vision', Pooling: 'vision', Crop: 'vision', Im2col: 'vision',
  LSTM: 'recurrent', RNN: 'recurrent', InnerProduct: 'common', Dropout: 'common', Embed: 'common',
  LRN: 'normalization', BatchNorm: 'normalization', MVN: 'normalization', Scale: 'activation', Bias: 'activation',
  ReLU: 'activation', PReLU: 'activation', Sigmoid: 'activation', TanH: 'activation', ELU: 'activation', Power: 'activation',
  Eltwise: 'utility', Concat: 'utility', Slice: 'utility', Split: 'utility', Flatten: 'utility', Reshape: 'utility',
  Silence: 'utility', Softmax: 'utility', ArgMax: 'utility', Reduction: 'utility',
};

/** @param {string} type @returns {import('../model/types.js').Family} */
export function familyOf(type) {
  return FAMILIES[type] ?? (/Loss|Accuracy/.test(type) ? 'loss' : 'fork');
}

/**
 * @typedef {object} Sketch  a layer in short
 * @property {string} name
 * @property {string} type
 * @property {string[]} [bottoms]
 * @property {(string | [string, number[] | null])[]} [tops]  names, with shapes where known; default: the layer's name
 * @property {number[][]} [blobs]
 * @property {('TRAIN' | 'TEST')[]} [phases]
 * @property {boolean} [active]
 * @property {string} [summary]
 * @property {number} [lr]
 * @property {string[]} [params]  names of its blobs
 * @property {Partial<LayerCard>} [more]
 */

/**
 * A graph as the server would give it.
 * @param {Sketch[]} sketches @param {Partial<Graph>} [more]
 * @returns {Graph}
 */
export function graphOf(sketches, more = {}) {
  /** @type {Map<string, number>} */
  const seen = new Map();
  const layers = sketches.map((sketch, i) => layerOf(sketch, i, seen));
  const groups = shareGroups(layers);
  return {
    document: 'test',
    revision: 1,
    name: 'test',
    state: { phase: 'TEST', level: 0, stages: [] },
    states: [],
    verdict: 'ok',
    profile: 'bvlc',
    layers,
    edges: edgesOf(layers),
    groups,
    diagnostics: [],
    outputs: [],
    suggested_profile: 'bvlc',
    solver: null,
    sources: [],
    totals: { parameters: 0, layers: layers.length, macs: 0, activation_bytes: 0, complete: true },
    ...more,
  };
}

/** @param {Sketch} sketch @param {number} i @param {Map<string, number>} seen @returns {LayerCard} */
function layerOf(sketch, i, seen) {
  const times = (seen.get(sketch.name) ?? 0) + 1;
  seen.set(sketch.name, times);
  const bottoms = sketch.bottoms ?? [];
  const tops = (sketch.tops ?? [sketch.name]).map((top) => (typeof top === 'string' ? { name: top, shape: null } : { name: top[0], shape: top[1] }));
  const roles = sketch.type === 'BatchNorm' ? ['mean', 'variance', 'factor'] : ['weight', 'bias', 'third'];
  /** @type {ParamBlob[]} */
  const blobs = (sketch.blobs ?? []).map((shape, index) => ({
    index,
    role: roles[index] ?? `blob ${index}`,
    shape,
    param: sketch.params?.[index] ?? null,
    lr: sketch.type === 'BatchNorm' ? 0 : (sketch.lr ?? 1) * (index === 1 ? 2 : 1),
    decay: 1,
    lr_stated: sketch.lr !== undefined,
    decay_stated: false,
    owner: null,
    group: null,
  }));
  return {
    key: times === 1 ? sketch.name : `${sketch.name}~${times}`,
    chunk: i,
    line: i * 10 + 1,
    end_line: i * 10 + 9,
    name: sketch.name,
    type: sketch.type,
    family: familyOf(sketch.type),
    known: true,
    active: sketch.active ?? true,
    bottoms,
    tops,
    in_place: bottoms.length > 0 && tops.length > 0 && bottoms[0] === tops[0].name,
    phases: sketch.phases ?? ['TRAIN', 'TEST'],
    summary: sketch.summary ?? summaryOf(sketch),
    blobs,
    origin: null,
    weights: null,
    problems: { error: 0, warning: 0, info: 0 },
    ...sketch.more,
  };
}

/** @param {Sketch} sketch */
function summaryOf({ type, blobs }) {
  const [weight] = blobs ?? [];
  if (!weight) return '';
  if (type === 'Convolution' && weight.length === 4) return `${weight[0]} · ${weight[2]}×${weight[3]}`;
  return type === 'InnerProduct' ? String(weight[0]) : '';
}

/** Wires blobs as Caffe does, in each phase; an edge stands once. @param {LayerCard[]} layers @returns {Graph['edges']} */
function edgesOf(layers) {
  /** @type {Map<string, Graph['edges'][number]>} */
  const edges = new Map();
  for (const phase of /** @type {const} */ (['TRAIN', 'TEST'])) {
    /** @type {Map<string, {key: string, top: number}>} */
    const maker = new Map();
    for (const layer of layers) {
      if (!layer.phases.includes(phase)) continue;
      layer.bottoms.forEach((blob, bottom) => {
        const from = maker.get(blob);
        if (from) edges.set(`${from.key}\n${layer.key}\n${from.top}\n${bottom}`, { source: from.key, target: layer.key, blob, top: from.top, bottom });
      });
      layer.tops.forEach((top, index) => maker.set(top.name, { key: layer.key, top: index }));
    }
  }
  return [...edges.values()];
}

/** @param {LayerCard[]} layers @returns {Graph['groups']} */
function shareGroups(layers) {
  /** @type {Map<string, Graph['groups'][number]>} */
  const groups = new Map();
  for (const layer of layers) {
    for (const blob of layer.blobs) {
      if (blob.param === null) continue;
      const group = groups.get(blob.param) ?? { name: blob.param, members: [], owner: layer.key, lr: blob.lr, decay: blob.decay, shape: blob.shape };
      groups.set(blob.param, group);
      group.members.push({ layer: layer.key, blob: blob.index });
    }
  }
  const shared = [...groups.values()].filter((group) => group.members.length > 1);
  for (const group of shared) {
    for (const member of group.members) {
      const blob = /** @type {LayerCard} */ (layers.find((layer) => layer.key === member.layer)).blobs[member.blob];
      blob.group = group.name;
      blob.owner = member.layer === group.owner ? null : group.owner;
    }
  }
  return shared;
}

/**
 * A graph from a line of shared/conformance/nets.jsonl: the layers of all its recorded phases.
 * @param {any} record
 * @returns {Graph}
 */
export function recordedGraph(record) {
  /** @type {(Sketch & {blobs: number[][]})[]} */
  const sketches = [];
  const runs = record.runs.filter((/** @type {any} */ run) => run.ok);
  const both = new Set(runs.map((/** @type {any} */ run) => run.phase)).size > 1;
  const shown = runs.at(-1)?.phase;
  for (const run of runs) {
    let at = 0;
    for (const layer of run.layers) {
      const twin = sketches.findIndex((other, i) => i >= at && other.name === layer.name && other.type === layer.type && (familyOf(layer.type) !== 'data' || JSON.stringify(other.tops) === JSON.stringify(layer.tops)));
      if (twin !== -1 && sketches[twin].phases?.includes(run.phase) === false) {
        sketches[twin].phases?.push(run.phase);
        sketches[twin].active = true;
        sketches[twin].tops = layer.tops;
        at = twin + 1;
        continue;
      }
      sketches.splice(at, 0, {
        ...layer,
        params: paramNames(run, layer),
        phases: both ? [run.phase] : ['TRAIN', 'TEST'],
        active: run.phase === shown,
      });
      at++;
    }
  }
  return graphOf(sketches, { name: record.id.replace(/^\d+__/, ''), document: record.id });
}

/** @param {any} run @param {any} layer */
function paramNames(run, layer) {
  let at = 0;
  for (const other of run.layers) {
    if (other === layer) break;
    at += other.blobs.length;
  }
  return layer.blobs.map((/** @type {unknown} */ _, /** @type {number} */ i) => {
    const { name } = run.params[at + i];
    return /^\d+$/.test(name) ? null : name;
  });
}

/**
 * A deep net like those people draw: stems of conv-bn-scale-relu, residual and inception blocks, a classifier.
 * @param {number} count  of layers, at least
 * @returns {Graph}
 */
export function syntheticGraph(count) {
  /** @type {Sketch[]} */
  const layers = [{ name: 'data', type: 'Data', tops: [['data', [32, 3, 224, 224]], ['label', [32]]] }];
  let last = 'data';
  let block = 0;
  const conv = (/** @type {string} */ name, /** @type {string} */ from, /** @type {number} */ n, /** @type {number} */ k) => {
    const shape = [32, n, 28, 28];
    layers.push({ name, type: 'Convolution', bottoms: [from], tops: [[name, shape]], blobs: [[n, n, k, k], [n]] });
    layers.push({ name: `${name}/bn`, type: 'BatchNorm', bottoms: [name], tops: [[name, shape]], blobs: [[n], [n], [1]] });
    layers.push({ name: `${name}/scale`, type: 'Scale', bottoms: [name], tops: [[name, shape]], blobs: [[n], [n]] });
    layers.push({ name: `${name}/relu`, type: 'ReLU', bottoms: [name], tops: [[name, shape]] });
    return name;
  };
  while (layers.length < count - 2) {
    block++;
    const b = `block${block}`;
    if (block % 3 === 0) {
      const ends = [conv(`${b}/1x1`, last, 64, 1), conv(`${b}/3x3`, conv(`${b}/3x3_reduce`, last, 96, 1), 128, 3), conv(`${b}/5x5`, conv(`${b}/5x5_reduce`, last, 16, 1), 32, 5)];
      layers.push({ name: `${b}/pool`, type: 'Pooling', bottoms: [last], summary: 'MAX 3×3 /1', tops: [[`${b}/pool`, [32, 64, 28, 28]]] });
      ends.push(conv(`${b}/pool_proj`, `${b}/pool`, 32, 1));
      last = `${b}/output`;
      layers.push({ name: last, type: 'Concat', bottoms: ends, tops: [[last, [32, 256, 28, 28]]] });
    } else {
      const end = conv(`${b}/c`, conv(`${b}/b`, conv(`${b}/a`, last, 64, 1), 64, 3), 256, 1);
      const side = block % 3 === 1 ? conv(`${b}/proj`, last, 256, 1) : last;
      last = `${b}/sum`;
      layers.push({ name: last, type: 'Eltwise', bottoms: [side, end], tops: [[last, [32, 256, 28, 28]]], summary: 'SUM' });
    }
  }
  layers.push({ name: 'fc', type: 'InnerProduct', bottoms: [last], tops: [['fc', [32, 1000]]], blobs: [[1000, 256], [1000]] });
  layers.push({ name: 'loss', type: 'SoftmaxWithLoss', bottoms: ['fc', 'label'], tops: [['loss', []]] });
  return graphOf(layers, { name: `synthetic ${count}`, document: `synthetic-${count}` });
}

/** The question's net and a doubled LeNet: what the cards' marks look like. @returns {Graph} */
export function twinsGraph() {
  /** @type {Sketch[]} */
  const layers = [];
  const shapes = { conv1: [64, 20, 24, 24], pool1: [64, 20, 12, 12], conv2: [64, 50, 8, 8], pool2: [64, 50, 4, 4], ip1: [64, 500], ip2: [64, 10] };
  layers.push({ name: 'pair_data', type: 'Data', tops: [['pair_data', [64, 2, 28, 28]], ['sim', [64]]], phases: ['TRAIN'], active: false });
  layers.push({ name: 'pair_data', type: 'Data', tops: [['pair_data', [100, 2, 28, 28]], ['sim', [100]]], phases: ['TEST'] });
  layers.push({ name: 'slice_pair', type: 'Slice', bottoms: ['pair_data'], tops: [['data_a', [64, 1, 28, 28]], ['data_b', [64, 1, 28, 28]]], summary: 'axis 1 at 1' });
  for (const [n, s] of [['a', '_a'], ['b', '_b']]) {
    const lr = n === 'a' ? 1 : 10;
    const w = n === 'b' ? { weights: 'loads' } : { weights: 'filler' };
    layers.push({ name: `conv1${s}`, type: 'Convolution', bottoms: [`data${s}`], tops: [[`conv1${s}`, shapes.conv1]], blobs: [[20, 1, 5, 5], [20]], params: ['conv1_w', 'conv1_b'], lr: 0, more: w });
    layers.push({ name: `pool1${s}`, type: 'Pooling', bottoms: [`conv1${s}`], tops: [[`pool1${s}`, shapes.pool1]], summary: 'MAX 2×2 /2' });
    layers.push({ name: `conv2${s}`, type: 'Convolution', bottoms: [`pool1${s}`], tops: [[`conv2${s}`, shapes.conv2]], blobs: [[50, 20, 5, 5], [50]], lr, more: w });
    layers.push({ name: `pool2${s}`, type: 'Pooling', bottoms: [`conv2${s}`], tops: [[`pool2${s}`, shapes.pool2]], summary: 'MAX 2×2 /2' });
    layers.push({ name: `ip1${s}`, type: 'InnerProduct', bottoms: [`pool2${s}`], tops: [[`ip1${s}`, shapes.ip1]], blobs: [[500, 800], [500]], params: ['ip1_w', 'ip1_b'], lr, more: n === 'b' ? { ...w, problems: { error: 1, warning: 0, info: 0 } } : w });
    layers.push({ name: `relu1${s}`, type: 'ReLU', bottoms: [`ip1${s}`], tops: [[`ip1${s}`, shapes.ip1]], more: n === 'b' ? { problems: { error: 0, warning: 1, info: 0 } } : {} });
    layers.push({ name: `ip2${s}`, type: 'InnerProduct', bottoms: [`ip1${s}`], tops: [[`ip2${s}`, shapes.ip2]], blobs: [[10, 500], [10]], params: ['ip2_w', 'ip2_b'], lr, more: w });
  }
  layers.push({ name: 'loss', type: 'ContrastiveLoss', bottoms: ['ip2_a', 'ip2_b', 'sim'], tops: [['loss', []]], summary: 'margin 1' });
  return graphOf(layers, { name: 'twins', document: 'twins' });
}
