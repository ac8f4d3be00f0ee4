/** Nets that are hard to lay out, made up: dense skips, a U, a pyramid, cells, streams that read each other. */

import { graphOf, syntheticGraph, twinsGraph } from '../../static/tests/nets.js';

const conv = (name, ...bottoms) => ({ name, type: bottoms.length > 1 ? 'Concat' : 'Convolution', bottoms });

/** Each layer of a block reads all before it. */
function dense(blocks, size) {
  const layers = [{ name: 'data', type: 'Input' }];
  let last = 'data';
  for (let b = 0; b < blocks; b++) {
    const made = [last];
    for (let i = 0; i < size; i++) {
      layers.push(conv(`d${b}/cat${i}`, ...made), conv(`d${b}/conv${i}`, `d${b}/cat${i}`));
      made.push(`d${b}/conv${i}`);
    }
    layers.push(conv(`d${b}/out`, ...made));
    last = `d${b}/out`;
  }
  return graphOf(layers);
}

/** Down and up again, each level's features read by its opposite. */
function unet(depth) {
  const layers = [{ name: 'data', type: 'Input' }];
  const skips = [];
  let last = 'data';
  for (let i = 0; i < depth; i++) {
    layers.push(conv(`down${i}a`, last), conv(`down${i}b`, `down${i}a`), { name: `pool${i}`, type: 'Pooling', bottoms: [`down${i}b`] });
    skips.push(`down${i}b`);
    last = `pool${i}`;
  }
  layers.push(conv('bottom', last));
  last = 'bottom';
  for (let i = depth - 1; i >= 0; i--) {
    layers.push({ name: `up${i}`, type: 'Deconvolution', bottoms: [last] }, conv(`cat${i}`, `up${i}`, skips[i]), conv(`up${i}a`, `cat${i}`), conv(`up${i}b`, `up${i}a`));
    last = `up${i}b`;
  }
  return graphOf(layers);
}

/** A feature pyramid with two heads a level that meet again. */
function pyramid(levels) {
  const layers = [{ name: 'data', type: 'Input' }];
  let last = 'data';
  for (let i = 0; i < levels; i++) {
    layers.push(conv(`c${i}a`, last), conv(`c${i}`, `c${i}a`));
    last = `c${i}`;
  }
  let above = null;
  for (let i = levels - 1; i >= 0; i--) {
    layers.push(conv(`lateral${i}`, `c${i}`));
    if (above) layers.push({ name: `up${i}`, type: 'Deconvolution', bottoms: [above] }, { name: `p${i}`, type: 'Eltwise', bottoms: [`lateral${i}`, `up${i}`] });
    above = above ? `p${i}` : `lateral${i}`;
    layers.push(conv(`cls${i}`, above), conv(`box${i}`, above));
  }
  const all = (head) => Array.from({ length: levels }, (_, i) => `${head}${i}`);
  layers.push(conv('scores', ...all('cls')), conv('boxes', ...all('box')), { name: 'detect', type: 'Concat', bottoms: ['scores', 'boxes'] });
  return graphOf(layers);
}

/** Cells as architecture search finds them: five pairs of operations on what the two cells before made. */
function cells(count) {
  const layers = [{ name: 'data', type: 'Input' }, conv('stem', 'data')];
  let [before, last] = ['data', 'stem'];
  for (let c = 0; c < count; c++) {
    const made = [last, before];
    const ends = [];
    for (let i = 0; i < 5; i++) {
      const [a, b] = [made[(i * 7 + c) % made.length], made[(i * 3 + 1) % made.length]];
      layers.push(conv(`cell${c}/${i}a`, a), conv(`cell${c}/${i}b`, b), { name: `cell${c}/${i}`, type: 'Eltwise', bottoms: [`cell${c}/${i}a`, `cell${c}/${i}b`] });
      made.push(`cell${c}/${i}`);
      ends.push(`cell${c}/${i}`);
    }
    layers.push(conv(`cell${c}/out`, ...ends));
    [before, last] = [last, `cell${c}/out`];
  }
  return graphOf(layers);
}

/** Streams side by side that read their neighbours (cross-stitch). */
function streams(count, depth) {
  const layers = Array.from({ length: count }, (_, s) => ({ name: `data${s}`, type: 'Input' }));
  let last = layers.map(({ name }) => name);
  for (let d = 0; d < depth; d++) {
    last.forEach((from, s) => layers.push(conv(`s${s}/conv${d}`, from)));
    if (d % 2) last.forEach((_, s) => layers.push({ name: `s${s}/mix${d}`, type: 'Eltwise', bottoms: [`s${s}/conv${d}`, `s${(s + 1) % count}/conv${d}`] }));
    last = last.map((_, s) => (d % 2 ? `s${s}/mix${d}` : `s${s}/conv${d}`));
  }
  layers.push(conv('out', ...last));
  return graphOf(layers);
}

export const NETS = {
  'twins': twinsGraph(),
  'synthetic 250': syntheticGraph(250),
  'synthetic 1000': syntheticGraph(1000),
  'dense 3 x 5': dense(3, 5),
  'u-net 5': unet(5),
  'pyramid 5': pyramid(5),
  'cells 6': cells(6),
  'streams 4 x 6': streams(4, 6),
};
