/** What the duplicate dialog says of a preview, and what it does about it, without any page. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { duplicateOperation, freshOptions, unevenShared, withOneRate } from '../../../static/panels/duplicate/options.js';
import { drawnKeys, lostWeights, newProblems } from '../../../static/panels/duplicate/preview.js';
import { problem } from './findings.js';
import { chain } from './nets.js';

/** @param {Partial<import('../../../static/panels/duplicate/preview.js').DuplicateReport>} [more] */
const report = (more) => ({ title: '', summary: [], upgraded: [], copies: [], added: [], renamed: [], notes: [], ...more });

/** @param {string} code @param {string | null} layer */
const note = (code, layer) => ({ code, severity: /** @type {const} */ ('warning'), message: `${code} of ${layer}`, layer });

test('problems that were there before are not the preview’s', () => {
  const before = { ...chain(), diagnostics: [problem({})] };
  const after = { ...chain(), diagnostics: [problem({ line: 9 }), problem({ layer: 'ip1_b' })] };
  assert.deepEqual(
    newProblems(before, after, report()).map(({ layer }) => layer),
    ['ip1_b'],
  );
});

test('what was said of a layer already is not said of its copies again', () => {
  const before = { ...chain(), diagnostics: [problem({ message: "'ip1' reads nothing" })] };
  const after = { ...chain(), diagnostics: ['ip1_a', 'ip1_b'].map((layer) => problem({ layer, message: `'${layer}' reads nothing` })) };
  const renamed = ['ip1_a', 'ip1_b'].map((name, i) => ({ kind: /** @type {const} */ ('layer'), old: 'ip1', new: name, copy_number: i + 1, reason: null }));
  assert.deepEqual(newProblems(before, after, report({ renamed })), []);
});

test('a warning that now counts more layers is no new one', () => {
  const slash = (/** @type {number} */ more) => problem({ severity: 'warning', caffe_message: null, message: `'ip1' and ${more} more` });
  assert.deepEqual(newProblems({ ...chain(), diagnostics: [slash(3)] }, { ...chain(), diagnostics: [slash(6)] }, report()), []);
});

test('what the operation has to say is told beside what Caffe would say, once', () => {
  const after = { ...chain(), diagnostics: [problem({ code: 'mismatched-lr-mult' })] };
  const notes = [note('mismatched-lr-mult', 'ip1_b'), note('read-through-outside', 'pool1_a'), note('read-through-outside', 'pool1_a')];
  assert.deepEqual(
    newProblems(chain(), after, report({ notes })).map(({ code }) => code),
    ['mismatched-lr-mult', 'read-through-outside'],
  );
});

test('all layers that lose their trained weights are named in one warning', () => {
  const told = report({ notes: [note('starts-from-filler', 'prelu3'), note('starts-from-filler', 'conv4')] });
  const [lost, ...others] = newProblems(chain(), chain(), told);
  assert.equal(others.length, 0);
  assert.equal(lost?.severity, 'warning');
  assert.match(lost?.message ?? '', /prelu3, conv4 .* start from their fillers/);
  assert.deepEqual(lostWeights(told), ['prelu3', 'conv4']);
});

test('all that is shared is given the rate of copy 1, also where copy 1 states none', () => {
  const options = freshOptions(['conv1', 'prelu1', 'ip1']);
  options.shared = new Set(['conv1', 'prelu1']);
  assert.deepEqual(unevenShared(options), []);
  options.copies[1].rate = { kind: 'scale', value: 10 };
  assert.deepEqual(unevenShared(options), ['conv1', 'prelu1']);
  const even = withOneRate(options, unevenShared(options));
  assert.deepEqual(unevenShared(even), []);
  assert.deepEqual(duplicateOperation(even).rates, [{}, { scale_lr: 10, layers: { conv1: {}, prelu1: {} } }]);
});

/** @param {number} number @param {number} count */
const copyOf = (number, count) =>
  Array.from({ length: count }, (_, i) => ({ copy_number: number, source: `c${i}`, name: `c${i}_${number}`, type: 'ReLU', key: `c${i}_${number}`, weights_from: null, blobs: [] }));

test('of very large copies as many layers each are drawn, from both ends', () => {
  const told = report({ copies: [...copyOf(1, 100), ...copyOf(2, 100)], added: [...copyOf(2, 100).map(({ key }) => key), 'join'] });
  const { keys, each } = drawnKeys(told, 100, 20);
  assert.equal(each, 10);
  assert.deepEqual(keys.slice(0, 10), ['c0_1', 'c1_1', 'c2_1', 'c3_1', 'c4_1', 'c5_1', 'c96_1', 'c97_1', 'c98_1', 'c99_1']);
  assert.equal(keys.length, 21);
  assert.equal(keys.at(-1), 'join');
  assert.deepEqual(drawnKeys(told), { keys: [...told.copies.map(({ key }) => key), 'join'], each: null });
});
