// The canvas alone, without a server behind it: ?net=twins | synthetic-N | URL of a graph's JSON; &theme=dark, &fold=no,
// &direction=right, &shares=all. `window.model` and `window.canvas` are for the tests.
import '../../../../static/canvas/net-canvas.js';
import { GraphModel } from '../../../../static/model/graph-model.js';
import { graphOf, syntheticGraph, twinsGraph } from '../../../../static/tests/nets.js';

const query = new URLSearchParams(location.search);
document.documentElement.dataset.theme = query.get('theme') ?? 'light';
const settings = {};
if (query.get('fold') === 'no') settings.fold = false;
for (const name of ['direction', 'shares', 'colour', 'edgeLabels']) if (query.has(name)) settings[name] = query.get(name);
const model = new GraphModel(settings);
const canvas = document.querySelector('net-canvas');
Object.assign(window, { model, canvas, graphOf, syntheticGraph, twinsGraph, frames: 0 });
canvas.addEventListener('drawn', () => {
  document.documentElement.dataset.drawn = String(performance.now());
});
canvas.model = model;
const net = query.get('net') ?? 'twins';
const synthetic = /^synthetic-(\d+)$/.exec(net);
if (net === 'twins') model.setGraph(twinsGraph());
else if (synthetic) model.setGraph(syntheticGraph(Number(synthetic[1])));
else model.setGraph(await (await fetch(net)).json());
