import assert from 'node:assert/strict';
import test from 'node:test';
import {
  common,
  fieldsOf,
  livesIn,
  pathText,
  rowSpelled,
  sectionsOf,
  setLives,
  shapeSpelled,
  shapeValue,
  valuesAt, rulesOf } from '../../../static/model/stated.js';

/** @import {FormField, Schema, Stated, StatedLayer} from "../../../static/api/schema.js" */

/** @param {string} name @param {Partial<FormField>} [more] @returns {FormField} */
const field = (name, more = {}) => ({
  name,
  type: 'float',
  repeated: false,
  message: null,
  values: [],
  default: null,
  seldom: false,
  deprecated: false,
  doc: '',
  ...more,
});
/** @type {Schema} */
const schema = {
  messages: {
    PoolingParameter: [field('pool'), field('kernel_size'), field('kernel_h', { seldom: true })],
    FillerParameter: ['type', 'value', 'mean', 'std'].map((name) => field(name)),
  },
  types: { Pooling: ['pooling_param'] },
};
/** @param {Stated[]} fields @returns {StatedLayer} */
const pool = (...fields) => ({ key: 'p', type: 'Pooling', fields: [{ name: 'pooling_param', fields }] });

test('a path names repeated values by their place', () => {
  const path = [{ name: 'dummy_data_param' }, { name: 'shape', index: 1 }];
  assert.equal(pathText(path), 'dummy_data_param.shape[1]');
});

test('the last value counts where no place is given', () => {
  const layer = pool({ name: 'kernel_size', value: '2' }, { name: 'kernel_size', value: '3' });
  const path = [{ name: 'pooling_param' }, { name: 'kernel_size' }];
  assert.equal(common([layer], path, false).text, '3');
  assert.equal(common([layer], path, true).text, '2, 3');
  assert.equal(valuesAt(layer.fields, [path[0], { name: 'kernel_size', index: 0 }])[0].value, '2');
});

test('layers that differ are mixed', () => {
  const path = [{ name: 'pooling_param' }, { name: 'pool' }];
  const both = [pool({ name: 'pool', value: 'AVE' }), pool()];
  assert.deepEqual(common(both, path, false), { text: null, mixed: true, stated: true });
});

test('old spellings show only where they are stated, and fields of forks where they stand', () => {
  const path = [{ name: 'pooling_param' }];
  const bare = fieldsOf(schema, 'PoolingParameter', [pool()], path);
  assert.deepEqual(
    bare.folded.map(({ name }) => name),
    ['kernel_h'],
  );
  const stated = pool({ name: 'kernel_h', value: '1' }, { name: 'house', value: '7' });
  const found = fieldsOf(schema, 'PoolingParameter', [stated], path);
  assert.deepEqual(found.folded, []);
  assert.deepEqual(found.unknown, [{ name: 'house', nested: false, count: 1 }]);
});

test('a filler asks for what its type reads', () => {
  const filler = (/** @type {string} */ type) => [{ key: 'f', type: 'X', fields: [{ name: 'filler', fields: [{ name: 'type', value: type }] }] }];
  const shown = (/** @type {string} */ type) => fieldsOf(schema, 'FillerParameter', filler(type), [{ name: 'filler' }]).shown;
  assert.deepEqual(
    shown('gaussian').map(({ name }) => name),
    ['type', 'mean', 'std'],
  );
  assert.deepEqual(
    shown('constant').map(({ name }) => name),
    ['type', 'value'],
  );
});

test('a section that another type reads is shown where it is stated', () => {
  const strange = { key: 'p', type: 'Pooling', fields: [{ name: 'roi_param', fields: [] }] };
  assert.deepEqual(sectionsOf(schema, 'Pooling', [strange]), ['pooling_param', 'roi_param']);
});

test('shapes and rows are read in the ways that people write them', () => {
  assert.equal(shapeSpelled('1×3, 224 224'), '{ dim: 1 dim: 3 dim: 224 dim: 224 }');
  assert.equal(shapeSpelled('[4, 8]'), '{ dim: 4 dim: 8 }');
  assert.equal(shapeSpelled('4, wide'), null);
  assert.equal(shapeValue({ name: 'shape', fields: [{ name: 'dim', value: '4' }, { name: 'dim', value: '8' }] }), '4, 8');
  assert.equal(rowSpelled('[3 5]'), '[3, 5]');
});

test('a layer lives where its rules put it', () => {
  /** @param {string} name @param {string} phase @returns {StatedLayer & {fields: [Stated & {fields: Stated[]}]}} */
  const rule = (name, phase) => ({ key: 'a', type: 'X', fields: [{ name, fields: [{ name: 'phase', value: phase }] }] });
  assert.equal(livesIn({ key: 'a', type: 'X', fields: [] }), 'both');
  assert.equal(livesIn(rule('include', 'TRAIN')), 'TRAIN');
  assert.equal(livesIn(rule('exclude', 'TRAIN')), 'TEST');
  const staged = rule('include', 'TEST');
  staged.fields[0].fields.push({ name: 'stage', value: 'deploy' });
  assert.equal(livesIn(staged), 'own');
  assert.deepEqual(
    setLives(['a'], 'TEST').map((one) => (one.op === 'set_field' ? [one.path, one.value] : [])),
    [
      ['exclude', null],
      ['include', null],
      ['include', '{ phase: TEST }'],
    ],
  );
});

test('what only a fork knows is told with how often it stands there', () => {
  const layer = { key: 'a', type: 'Odd', fields: [{ name: 'odd_param', fields: [{ name: 'n', value: '1' }, { name: 'n', value: '2' }] }] };
  const found = fieldsOf({ messages: {}, types: {} }, null, [layer], [{ name: 'odd_param' }]);
  assert.deepEqual(found.unknown, [{ name: 'n', nested: false, count: 2 }]);
});

test('rules are texts that can be edited, their stages in quotes', () => {
  const rule = [{ name: 'phase', value: 'TEST' }, { name: 'stage', value: 'deploy "x"' }, { name: 'min_level', value: '2' }];
  const layer = { key: 'a', type: 'ReLU', fields: [{ name: 'include', fields: rule }, { name: 'exclude', fields: [] }] };
  assert.deepEqual(rulesOf(layer), [
    { name: 'include', index: 0, text: 'phase: TEST stage: "deploy \\"x\\"" min_level: 2' },
    { name: 'exclude', index: 0, text: '' },
  ]);
});
