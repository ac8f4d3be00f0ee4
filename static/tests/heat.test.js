import assert from 'node:assert/strict';
import { test } from 'node:test';
import { arrange } from '../canvas/arrange.js';
import { drawCard } from '../canvas/draw-card.js';
import { drawCardFar } from '../canvas/draw-far.js';
import { heatColour } from '../canvas/heat.js';
import { SvgContext } from '../canvas/svg-context.js';
import { TextMeter } from '../canvas/text.js';
import { GraphModel } from '../model/graph-model.js';
import { graphOf } from './nets.js';

const measure = (/** @type {string} */ text) => text.length * 6;
const meter = new TextMeter(measure);
const colour = { border: '#b0b0b0', raised: '#ffffff', text: '#101010', 'text-muted': '#202020', shadow: '#303030', selection: '#404040', accent: '#404040', 'accent-soft': '#505050', 'border-strong': '#606060', error: '#700000', warning: '#707000', info: '#000070', 'rate-frozen': '#0000aa', 'rate-slow': '#00aa00', 'rate-one': '#cccccc', 'rate-fast': '#ee8800', 'rate-fastest': '#cc0000' };
const plain = { line: '#123456', head: '#abcdef', block: '#123456' };
const theme = /** @type {import('../canvas/theme.js').Theme} */ (/** @type {unknown} */ ({ colour, family: { fork: plain }, font: 'sans', mono: 'mono', rowSelected: '#d0ffd0', inactive: '#eee', dark: false }));

/** A card of a convolution and what works on it in place, drawn by rates. @param {typeof drawCard} draw */
function drawn(draw) {
  const model = new GraphModel();
  model.setGraph(
    graphOf([
      { name: 'conv', type: 'Convolution', tops: [['conv', [1, 2]]], blobs: [[2, 2]], lr: 10 },
      { name: 'prelu', type: 'PReLU', bottoms: ['conv'], tops: [['conv', [1, 2]]], blobs: [[2]], lr: 0 },
    ]),
  );
  const [box] = arrange(model, meter, theme).boxes;
  const c = new SvgContext(measure, 400, 400);
  const fonts = /** @type {any} */ (new Proxy({}, { get: () => '12px sans' }));
  draw(/** @type {any} */ (c), box, 0, 0, { theme, fonts, meter, zoom: 1, selected: () => true, hover: null, focus: null, heat: (layer) => heatColour(layer, theme) });
  return c.document('');
}

test('a card has the colour of its rate, near and from afar, also while it is selected', () => {
  for (const draw of [drawCard, drawCardFar]) {
    const svg = drawn(draw);
    assert.match(svg, /#ee8800|rgb\(238, 136, 0\)/);
    assert.doesNotMatch(svg, /abcdef/);
  }
});

test('what works in place at another rate has a colour of its own', () => {
  assert.match(drawn(drawCard), /#0000aa|rgb\(0, 0, 170\)/);
});
