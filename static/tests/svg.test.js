import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SvgContext, escapeXml } from '../canvas/svg-context.js';

const measure = (/** @type {string} */ text) => text.length * 6;
const context = () => new SvgContext(measure, 200, 100);

test('what XML keeps for itself is escaped, and what it cannot say is replaced', () => {
  assert.equal(escapeXml(`a<b>&"c'\u0000\ud800d😀`), 'a&lt;b&gt;&amp;&quot;c&#39;\ufffd\ufffdd😀');
});

test('a text stays a text, with the width it was measured at', () => {
  const c = context();
  c.font = '600 13px system-ui, sans-serif';
  c.fillText('conv1 & <more>', 10, 20);
  const svg = c.document('net');
  assert.match(svg, /<text class="f0" x="10" y="20" textLength="84"[^>]*>conv1 &amp; &lt;more&gt;<\/text>/);
  assert.match(svg, /\.f0\{font-weight:600;font-size:13px;font-family:system-ui, sans-serif;white-space:pre\}/);
});

test('a rectangle with round corners is a rectangle', () => {
  const c = context();
  c.beginPath();
  c.roundRect(1, 2, 30, 40, 8);
  c.fillStyle = 'rgba(1, 2, 3, 0.16)';
  c.fill();
  assert.match(c.document(''), /<rect x="1" y="2" width="30" height="40" rx="8" fill="rgb\(1, 2, 3\)" fill-opacity="0.16"\/>/);
});

test('corners that do not fit shrink together, as on a canvas', () => {
  const c = context();
  c.beginPath();
  c.roundRect(0, 0, 20, 10, 40);
  c.fill();
  assert.match(c.document(''), /rx="5"/);
});

test('a whole circle is two arcs and a half one is one', () => {
  const c = context();
  c.beginPath();
  c.arc(10, 10, 4, 0, 7);
  c.stroke();
  c.beginPath();
  c.arc(10, 10, 4, Math.PI / 2, -Math.PI / 2);
  c.stroke();
  const [whole, half] = [...c.document('').matchAll(/ d="([^"]+)"/g)].map(([, d]) => d);
  assert.equal(whole, 'M14 10A4 4 0 0 1 6 10A4 4 0 0 1 14 10Z');
  assert.equal(half, 'M10 14A4 4 0 0 1 10 6');
});

test('what is saved comes back', () => {
  const c = context();
  c.save();
  c.translate(5, 6);
  c.globalAlpha = 0.5;
  c.fillRect(0, 0, 1, 1);
  c.restore();
  c.fillRect(0, 0, 2, 2);
  const svg = c.document('');
  assert.match(svg, /width="1" height="1" transform="translate\(5 6\)" fill="#000" opacity="0.5"/);
  assert.match(svg, /width="2" height="2" fill="#000"\/>/);
});
