/** An edit without an answer is asked for again under the same key; one that was refused is not. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { ApiProblem, insistently } from '../api/client.js';

const NOW = [0, 0];

/** @param {...(number | string)} answers a status that fails, or an answer */
function server(...answers) {
  /** @type {string[]} */
  const keys = [];
  /** @param {string} key */
  const ask = async (key) => {
    keys.push(key);
    const answer = answers.shift();
    if (typeof answer === 'number') throw new ApiProblem(answer, 'no');
    return answer;
  };
  return { ask, keys };
}

test('what is lost on the way is asked for again under one key', async () => {
  const { ask, keys } = server(0, 503, 'done');
  assert.equal(await insistently(ask, NOW), 'done');
  assert.equal(keys.length, 3);
  assert.equal(new Set(keys).size, 1);
  assert.match(keys[0] ?? '', /^[\w+/]{24}$/);
});

test('another edit has another key', async () => {
  const { ask, keys } = server('one', 'two');
  await insistently(ask, NOW);
  await insistently(ask, NOW);
  assert.notEqual(keys[0], keys[1]);
});

test('a refusal is final, and so is the last try', async () => {
  for (const answers of [[409, 'done'], [422], [507], [0, 0, 0, 'done']]) {
    const { ask } = server(...answers);
    await assert.rejects(insistently(ask, NOW), (problem) => problem instanceof ApiProblem && problem.status === answers[0]);
  }
});
