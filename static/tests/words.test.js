import assert from 'node:assert/strict';
import { test } from 'node:test';
import { metSomething } from '../panels/words.js';

test('where protobuf met the end of a text, it is said, and else its words stay', () => {
  assert.equal(metSomething('Expected identifier, got: '), 'Expected identifier, got: the end of the text.');
  assert.equal(metSomething('Expected "}", got: .'), 'Expected "}", got: the end of the text.');
  assert.equal(metSomething('Expected value, got: /.'), 'Expected value, got: /.');
});
