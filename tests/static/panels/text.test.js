import assert from 'node:assert/strict';
import test from 'node:test';
import { explain, proposals } from '../../../static/text/knowledge.js';
import { closing, contextAt, openBracket, wordAt } from '../../../static/text/scan.js';

/** @import {FormField} from "../../../static/api/schema.js" */
/** @import {Knowledge} from "../../../static/text/knowledge.js" */

const at = (/** @type {string} */ text) => contextAt(text.replace('|', ''), text.indexOf('|'));
/** @param {string} name @param {Partial<FormField>} [more] @returns {FormField} */
const field = (name, more = {}) => ({
  name,
  type: 'string',
  repeated: false,
  message: null,
  values: [],
  default: null,
  seldom: false,
  deprecated: false,
  doc: `about ${name}`,
  ...more,
});
/** @type {Knowledge} */
const known = {
  schema: {
    messages: {
      NetParameter: [field('name'), field('layer', { type: 'message', message: 'LayerParameter', repeated: true })],
      LayerParameter: [
        field('type'),
        field('bottom', { repeated: true }),
        field('param', { type: 'message', message: 'ParamSpec', repeated: true }),
        field('pooling_param', { type: 'message', message: 'PoolingParameter' }),
        field('relu_param', { type: 'message', message: 'ReLUParameter' }),
      ],
      ParamSpec: [field('name')],
      PoolingParameter: [
        field('pool', { type: 'enum', values: ['MAX', 'AVE'], default: 'MAX' }),
        field('kernel_size', { type: 'uint32' }),
        field('global_pooling', { type: 'bool', default: 'false' }),
      ],
    },
    types: { Pooling: ['pooling_param'] },
  },
  catalogue: new Map([['Pooling', { name: 'Pooling', family: 'vision', doc: 'windows' }]]),
  blobs: () => [
    { name: 'data', shape: '1×3×8×8', by: 'input', readers: ['conv1'], distance: 90 },
    { name: 'conv1', shape: '1×9×8×8', by: 'conv1', readers: [], distance: 4 },
    { name: 'later', shape: '?', by: 'later', readers: [], distance: Infinity },
  ],
  params: () => ['conv_w'],
};
const labels = (/** @type {string} */ text, quoted = false) => proposals(known, at(text), quoted).map(({ label }) => label);

test('a place knows the messages around it and whether a name or a value stands there', () => {
  const text = 'layer { name: "a{" # {\n type: "Pooling" pooling_param { pool: |';
  assert.deepEqual(at(text), { path: ['layer', 'pooling_param'], field: 'pool', type: 'Pooling', in: 'code' });
  assert.deepEqual(at('layer { pooling_param { pool: MAX ke|rnel').field, null);
  assert.deepEqual(at('layer { bottom: "da|').field, 'bottom');
  assert.equal(at('layer { bottom: "da|').in, 'string');
  assert.equal(at('a: 1 # not| here').in, 'comment');
  assert.equal(at('layer { a: [1, |').field, 'a');
  assert.equal(at('layer { a: [1, 2] |').field, null);
  assert.deepEqual(at('layer { } |').path, []);
});

test('brackets fold from the first that a line leaves open', () => {
  assert.equal(openBracket('layer { name: "{" }'), -1);
  assert.equal(openBracket('  param { a { } # {'), 8);
  assert.equal(closing('{ a: "}" # }\n { } }', 0), 18);
  assert.equal(closing('{ a', 0), -1);
});

test('names are proposed by the message, the own parameters of a type first', () => {
  assert.deepEqual(labels('|'), ['name', 'layer']);
  const found = proposals(known, at('layer { type: "Pooling" |'), false);
  const boosts = Object.fromEntries(found.map(({ label, boost }) => [label, boost]));
  assert.ok(boosts.pooling_param > boosts.bottom && boosts.bottom > boosts.relu_param);
  assert.deepEqual(labels('layer { pooling_param { |'), ['pool', 'kernel_size', 'global_pooling']);
  assert.deepEqual(labels('layer { strange_param { |'), []);
});

test('values are proposed by the field', () => {
  assert.deepEqual(labels('layer { pooling_param { pool: |'), ['MAX', 'AVE']);
  assert.deepEqual(labels('layer { pooling_param { global_pooling: |'), ['true', 'false']);
  assert.deepEqual(labels('layer { type: "|', true), ['Pooling']);
  assert.deepEqual(
    proposals(known, at('layer { bottom: |'), false).map(({ apply }) => apply),
    ['"data"', '"conv1"', '"later"'],
  );
  assert.deepEqual(labels('# layer { |'), []);
});

test('fields and types are explained where they stand', () => {
  assert.equal(explain(known, at('layer { |type'), 'type')?.doc, 'about type');
  assert.equal(explain(known, at('layer { type: "|Pooling"'), 'Pooling')?.doc, 'windows');
  assert.equal(explain(known, at('# |type'), 'type'), null);
  assert.deepEqual(wordAt('a kernel_size: 3', 5), { from: 2, to: 13, word: 'kernel_size' });
});

test('a blob that may be read is proposed with its shape, the nearest above first and what comes later last', () => {
  const found = proposals(known, at('layer { bottom: "|'), true, 100);
  assert.deepEqual(
    found.toSorted((a, b) => b.boost - a.boost).map(({ label, detail }) => `${label} ${detail}`),
    ['conv1 1×9×8×8', 'data 1×3×8×8', 'later ?'],
  );
});

test('a param is named as others are named that share', () => {
  assert.deepEqual(labels('layer { param { name: "|', true), ['conv_w']);
});

test('a blob tells its shape, who makes it and who reads it', () => {
  const said = explain(known, at('layer { bottom: "|data'), 'data', 9);
  assert.equal(said?.detail, '1×3×8×8');
  assert.match(said?.doc ?? '', /^Made by input, read by conv1\./);
  assert.equal(explain(known, at('layer { bottom: "|nobody'), 'nobody', 9), null);
});
