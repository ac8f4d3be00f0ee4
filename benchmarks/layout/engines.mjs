/** The layout engines that are compared: ours, elkjs and Graphviz dot, each from the same cards and edges to polylines. */

import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { Sampler, traceEdge } from '../../static/canvas/edge-paths.js';
import { layoutGraph } from '../../static/layout/layered.js';

const require = createRequire(new URL('../../static/package.json', import.meta.url));
const ELK = require('elkjs/lib/elk.bundled.js');
const elk = new ELK();

/** @typedef {import('../../static/layout/types.js').LayoutInput} LayoutInput */

/** @param {LayoutInput} input @param {number} longEdge */
export function ours(input, longEdge) {
  const asked = { ...input, longEdge };
  const start = performance.now();
  const layout = layoutGraph(asked);
  const ms = performance.now() - start;
  const nodes = Array.from(layout.x, (x, i) => ({ x: x - input.widths[i] / 2, y: layout.y[i] - input.heights[i] / 2, width: input.widths[i], height: input.heights[i] }));
  const lines = [];
  for (let e = 0; e < input.sources.length; e++) {
    if (layout.stub[e]) continue;
    const sampler = new Sampler();
    traceEdge(sampler, layout, e, input.direction === 'down', null, input.sources[e], input.targets[e]);
    lines.push({ source: input.sources[e], target: input.targets[e], points: sampler.points });
  }
  return { ms, nodes, lines, stubs: input.sources.length - lines.length };
}

/** @param {LayoutInput} input */
export async function elkjs(input) {
  const graph = {
    id: 'root',
    layoutOptions: {
      'elk.algorithm': 'layered', 'elk.direction': 'DOWN', 'elk.edgeRouting': 'POLYLINE', 'elk.spacing.nodeNode': '32',
      'elk.layered.spacing.nodeNodeBetweenLayers': '38', 'elk.spacing.edgeNode': '18', 'elk.spacing.edgeEdge': '14',
    },
    children: Array.from(input.widths, (width, i) => ({ id: `n${i}`, width, height: input.heights[i] })),
    edges: Array.from(input.sources, (source, e) => ({ id: `e${e}`, sources: [`n${source}`], targets: [`n${input.targets[e]}`] })),
  };
  const start = performance.now();
  const result = await elk.layout(graph);
  const ms = performance.now() - start;
  const lines = result.edges.map(({ sections: [section] }, e) => ({
    source: input.sources[e],
    target: input.targets[e],
    points: [section.startPoint, ...(section.bendPoints ?? []), section.endPoint].flatMap(({ x, y }) => [x, y]),
  }));
  return { ms, nodes: result.children, lines, stubs: 0 };
}

/** Polylines, sizes in inches of 72 px; the time is that of the whole program. @param {LayoutInput} input */
export function dot(input) {
  const nodes = Array.from(input.widths, (width, i) => `n${i} [width=${width / 72} height=${input.heights[i] / 72}]`);
  const edges = Array.from(input.sources, (source, e) => `n${source} -> n${input.targets[e]} [id=e${e}]`);
  const text = `digraph { graph [splines=polyline nodesep=${32 / 72} ranksep=${38 / 72}] node [shape=box fixedsize=true label=""] edge [arrowhead=none] ${[...nodes, ...edges].join('\n')} }`;
  const start = performance.now();
  const run = spawnSync('dot', ['-Tjson'], { input: text, encoding: 'utf8', maxBuffer: 1 << 28, timeout: 60_000 });
  const ms = performance.now() - start;
  if (run.status !== 0) return null;
  const drawn = JSON.parse(run.stdout);
  const at = new Map(drawn.objects.map(({ _gvid, name, pos }) => [_gvid, { i: Number(name.slice(1)), pos: pos.split(',').map(Number) }]));
  const placed = Array(input.widths.length);
  for (const { i, pos: [x, y] } of at.values()) placed[i] = { x: x - input.widths[i] / 2, y: -y - input.heights[i] / 2, width: input.widths[i], height: input.heights[i] };
  const lines = drawn.edges.map(({ id, pos }) => {
    const e = Number(id.slice(1));
    // Of a spline's points every third is a knot; in a polyline the others lie on it.
    const knots = pos.replace(/[es],[^ ]+ /g, '').split(' ').map((pair) => pair.split(',').map(Number));
    return { source: input.sources[e], target: input.targets[e], points: knots.filter((_, k) => k % 3 === 0).flatMap(([x, y]) => [x, -y]) };
  });
  return { ms, nodes: placed, lines, stubs: 0 };
}
