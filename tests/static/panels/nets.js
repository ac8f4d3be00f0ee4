/** A small net as the server would tell it. */

/** @import {Graph, LayerCard, ParamBlob} from "../../../static/model/types.js" */

/** @param {number} index @param {string} role @returns {ParamBlob} */
function blob(index, role) {
  return {
    index,
    role,
    shape: [4],
    param: null,
    lr: 1,
    decay: 1,
    lr_stated: false,
    decay_stated: false,
    owner: null,
    group: null,
  };
}

/** @param {Partial<LayerCard> & {key: string, type: string}} layer @returns {LayerCard} */
function card(layer) {
  return {
    chunk: 0,
    line: 1,
    end_line: 2,
    name: layer.key,
    family: 'common',
    known: true,
    active: true,
    bottoms: [],
    tops: [{ name: layer.key, shape: [4, 3, 8, 8] }],
    in_place: false,
    phases: ['TRAIN', 'TEST'],
    summary: '',
    blobs: [],
    origin: null,
    weights: null,
    problems: { error: 0, warning: 0, info: 0 },
    ...layer,
  };
}

/** data -> conv1 -> bn1 -> ip1 -> loss, which reads the label too. @returns {Graph} */
export function chain() {
  const state = { phase: /** @type {const} */ ('TRAIN'), level: 0, stages: [] };
  const layers = [
    card({
      key: 'data',
      type: 'Data',
      tops: [
        { name: 'data', shape: [4, 3, 8, 8] },
        { name: 'label', shape: [4] },
      ],
    }),
    card({ key: 'conv1', type: 'Convolution', bottoms: ['data'], blobs: [blob(0, 'weight'), blob(1, 'bias')] }),
    card({
      key: 'bn1',
      type: 'BatchNorm',
      bottoms: ['conv1'],
      blobs: [blob(0, 'mean'), blob(1, 'variance'), blob(2, 'factor')],
    }),
    card({ key: 'ip1', type: 'InnerProduct', bottoms: ['bn1'], blobs: [blob(0, 'weight'), blob(1, 'bias')] }),
    card({ key: 'loss', type: 'SoftmaxWithLoss', bottoms: ['ip1', 'label'] }),
  ];
  return {
    document: 'd',
    revision: 1,
    name: 'chain',
    state,
    states: [state],
    verdict: 'ok',
    profile: 'bvlc',
    layers,
    edges: [
      { source: 'data', target: 'conv1', blob: 'data', top: 0, bottom: 0 },
      { source: 'conv1', target: 'bn1', blob: 'conv1', top: 0, bottom: 0 },
      { source: 'bn1', target: 'ip1', blob: 'bn1', top: 0, bottom: 0 },
      { source: 'ip1', target: 'loss', blob: 'ip1', top: 0, bottom: 0 },
      { source: 'data', target: 'loss', blob: 'label', top: 1, bottom: 1 },
    ],
    groups: [],
    diagnostics: [],
    outputs: ['loss'],
    suggested_profile: 'bvlc',
    solver: null,
    sources: [],
    totals: { parameters: 28, layers: 5, macs: 0, activation_bytes: 0, complete: true },
  };
}
