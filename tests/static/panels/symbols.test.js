import assert from 'node:assert/strict';
import { test } from 'node:test';
import { layerStart, leadsTo, quotedAround, symbolAt } from '../../../static/text/symbols.js';

const NET = `name: "net"
input: "pixels"
layer { name: "one" type: "ReLU" bottom: "pixels" top: "mid" } # top: "mid"
layer {
  name: "two"
  type: "InnerProduct"
  bottom: "mid"
  top: "out"
  param { name: "w" lr_mult: 1 }
}
layer {
  name: "three"
  type: "InnerProduct"
  bottom: 'mid'
  top: "last"
  param { name: "w" }
}
`;

/** A place in the text: where `what` stands the nth time, a little way in. @param {string} what @param {number} [nth] */
function at(what, nth = 0) {
  let found = -1;
  for (let i = 0; i <= nth; i += 1) found = NET.indexOf(what, found + 1);
  return found + what.length - 1;
}

/** @param {string} text */
function doc(text) {
  const lines = text.split('\n');
  const froms = lines.map((_, i) => lines.slice(0, i).join('\n').length + (i ? 1 : 0));
  return {
    line: (/** @type {number} */ number) => ({ from: froms[number - 1] ?? 0, text: lines[number - 1] ?? '' }),
    lineAt: (/** @type {number} */ place) => ({ number: froms.filter((from) => from <= place).length }),
  };
}

test('a name is a blob, a param or a layer by the field that it stands in', () => {
  assert.deepEqual(['bottom: "mid', 'top: "out', 'param { name: "w', 'name: "two', 'input: "pixels'].map((what) => symbolAt(NET, at(what))?.kind), [
    'blob', 'blob', 'param', 'layer', 'blob',
  ]);
});

test('types, numbers and comments are no names', () => {
  for (const what of ['type: "ReLU', 'lr_mult: 1', '# top: "mid', 'name: "net']) assert.equal(symbolAt(NET, at(what)), null, what);
});

test('from a reader one comes to the layer before that makes the blob', () => {
  const symbol = symbolAt(NET, at("bottom: 'mid"));
  assert.ok(symbol);
  assert.equal(leadsTo(NET, symbol, NET.indexOf('layer {\n  name: "three"')), NET.indexOf('"mid" } #') + 1);
});

test('from a blob of the net itself one comes to its input', () => {
  const symbol = symbolAt(NET, at('bottom: "pixels'));
  assert.ok(symbol);
  assert.equal(leadsTo(NET, symbol, NET.indexOf('layer { name: "one"')), NET.indexOf('"pixels"') + 1);
});

test('from a blob that is made one comes to its first reader', () => {
  const symbol = symbolAt(NET, at('top: "mid'));
  assert.ok(symbol);
  assert.equal(leadsTo(NET, symbol, 0), NET.indexOf('bottom: "mid"') + 9);
});

test('from a param one comes to its owner, and from the owner to the next user', () => {
  const [owner, user] = [symbolAt(NET, at('param { name: "w')), symbolAt(NET, at('param { name: "w', 1))];
  assert.ok(owner && user);
  assert.equal(leadsTo(NET, user, 0), owner.from);
  assert.equal(leadsTo(NET, owner, 0), user.from);
});

test('a name with characters of its own meaning is found as it is', () => {
  const text = 'layer { top: "a+b(1)" }\nlayer { bottom: "a+b(1)" }\n';
  const symbol = symbolAt(text, text.lastIndexOf('a+b') + 1);
  assert.ok(symbol);
  assert.equal(leadsTo(text, symbol, 24), text.indexOf('a+b'));
});

test('what nobody makes leads nowhere', () => {
  const text = 'layer { bottom: "x" }\n';
  const symbol = symbolAt(text, 18);
  assert.ok(symbol);
  assert.equal(leadsTo(text, symbol, 0), null);
});

test('a place is understood from the line that begins its layer', () => {
  assert.equal(layerStart(doc(NET), at('top: "last')), NET.indexOf('layer {\n  name: "three"'));
  assert.equal(layerStart(doc(NET), 4), 0);
});

test('the layer within layers of the oldest files begins nothing', () => {
  const old = 'name: "n"\nlayers {\nlayer {\nname: "a"\n}\n}\n';
  assert.equal(layerStart(doc(old), old.indexOf('name: "a"')), old.indexOf('layers'));
});

test('quotes are looked for in the line of a place only', () => {
  assert.equal(quotedAround('a: "x\n" b', 3), null);
  assert.deepEqual(quotedAround('a: "x" # "y"', 4), { from: 4, to: 5 });
  assert.equal(quotedAround('a: "x" # "y"', 10), null);
});
