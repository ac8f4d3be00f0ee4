/**
 * The graph that one holds, and the next one told as what differs from it: of a large net an edit leaves nearly all as
 * it was, so nearly all of it need not be sent, read and made again. What is as it was stays the same object.
 */

/** @import {Graph, GraphChanges} from "./types.js" */

export class HeldGraph {
  /** @type {Graph | null} the one that the server told last */
  #graph = null;

  /**
   * Says in a query which graph is held, and how the graph of the answer is to be read.
   * @param {string} document @param {string} [query] with its `?`, if any
   * @returns {{query: string, read: (told: Graph | GraphChanges) => Graph}}
   */
  ask(document, query = '') {
    const held = this.#graph?.document === document ? this.#graph : null;
    return {
      query: `${query}${query ? '&' : '?'}known=${encodeURIComponent(held?.tag ?? '')}`,
      read: (told) => (this.#graph = wholeGraph(told, held)),
    };
  }
}

/**
 * @param {Graph | GraphChanges} told @param {Graph | null} held the graph that the request named
 * @returns {Graph}
 */
export function wholeGraph(told, held) {
  if (!('since' in told)) return told;
  if (held?.tag !== told.since) throw new Error(`the server told what differs from ${told.since}, which is not held`);
  const { since: _, layers: layerRuns, edges: edgeRuns, ...head } = told;
  const layers = [];
  for (const run of layerRuns) {
    if ('rows' in run) layers.push(...run.rows);
    else {
      const { start, count, chunk, line } = run;
      for (let i = start; i < start + count; i++) {
        const was = held.layers[i];
        layers.push(chunk || line ? { ...was, chunk: was.chunk + chunk, line: was.line + line, end_line: was.end_line + line } : was);
      }
    }
  }
  const edges = [];
  for (const run of edgeRuns) {
    if ('rows' in run) edges.push(...run.rows);
    else for (let i = run.start; i < run.start + run.count; i++) edges.push(held.edges[i]);
  }
  return { ...head, layers, edges };
}
