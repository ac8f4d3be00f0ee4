/** Lays out the graphs in a folder, and those made up here, by every engine: prints one JSON line a graph and engine. Arguments: the folder, the most nodes for the slow ones. */

import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { arrange } from '../../static/canvas/arrange.js';
import { TextMeter } from '../../static/canvas/text.js';
import { GraphModel } from '../../static/model/graph-model.js';
import { dot, elkjs, ours } from './engines.mjs';
import { measure } from './measure.mjs';
import { NETS } from './nets.mjs';

const [folder, most] = process.argv.slice(2);
const REPEATS = 5;
const DEFAULT_STUBS = 8;

/** Texts are 6 px a letter wide: no browser here to ask. */
const meter = new TextMeter((text) => text.length * 6);

const read = readdirSync(folder).sort().map((file) => [file.replace('.json', ''), JSON.parse(readFileSync(join(folder, file), 'utf8'))]);
for (const [net, graph] of [...read, ...Object.entries(NETS)]) {
  const model = new GraphModel();
  model.setGraph(graph);
  const { input } = arrange(model, meter, /** @type {any} */ ({ font: 'sans', mono: 'mono' }));
  const engines = {
    ours: () => ours(input, DEFAULT_STUBS),
    'ours, no stubs': () => ours(input, Infinity),
    elkjs: () => (input.widths.length <= Number(most) ? elkjs(input) : null),
    dot: () => (input.widths.length <= Number(most) ? dot(input) : null),
  };
  for (const [engine, run] of Object.entries(engines)) {
    const results = [];
    for (let i = 0; i < REPEATS; i++) {
      const result = await run();
      if (result) results.push(result);
    }
    if (!results.length) continue;
    const times = results.map(({ ms }) => ms).sort((a, b) => a - b);
    const { nodes, lines, stubs } = results[0];
    console.log(JSON.stringify({ net, engine, cards: nodes.length, edges: input.sources.length, stubs, ms: times[times.length >> 1], low: times[0], high: times.at(-1), ...measure(nodes, lines) }));
  }
}
