/**
 * The schema as forms, completion and hover texts need it; asked for once, when first wanted.
 *
 * @typedef {object} FormField
 * @property {string} name
 * @property {'bool' | 'int32' | 'int64' | 'uint32' | 'uint64' | 'float' | 'string' | 'enum' | 'message'} type
 * @property {boolean} repeated
 * @property {string | null} message
 * @property {string[]} values  an enum's names, or the strings that Caffe knows
 * @property {string | null} default
 * @property {boolean} seldom
 * @property {boolean} deprecated
 * @property {string} doc
 *
 * @typedef {{messages: Record<string, FormField[]>, types: Record<string, string[]>}} Schema
 *
 * @typedef {{name: string, value?: string | null, fields?: Stated[] | null}} Stated  a field as the text states it
 * @typedef {{key: string, type: string, fields: Stated[]}} StatedLayer
 */

/** @import {Client} from "./client.js" */
/** @import {Session} from "./session.js" */
/** @import {Operation, OperationResult} from "./types.js" */

import { ApiProblem } from './client.js';

/** @type {WeakMap<Client, Promise<Schema>>} */
const asked = new WeakMap();

/** @param {Client} client @returns {Promise<Schema>} */
export function schemaOf(client) {
  let found = asked.get(client);
  if (!found) {
    found = client.schema();
    found.catch(() => asked.delete(client));
    asked.set(client, found);
  }
  return found;
}

/**
 * Runs operations whose refusal is shown where they came from, and not as a notice.
 * @param {Session} session @param {Operation[]} operations @param {number} [base] the revision that they were made for
 * @returns {Promise<{result: OperationResult | null, refusal: ApiProblem | null} | null>} null where something else went wrong
 */
export function tryOperations(session, operations, base = session.typedAt ?? undefined) {
  return session.enqueue(async (info) => {
    try {
      return { result: await session.apply(info, operations, base), refusal: null };
    } catch (error) {
      if (error instanceof ApiProblem && (error.status === 422 || error.status === 413)) {
        return { result: null, refusal: error };
      }
      throw error;
    }
  });
}
