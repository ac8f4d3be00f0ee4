/** The layout in a Web Worker: takes {id, input}, answers {id, result} or {id, error}. */

import { layoutGraph } from './layered.js';

self.addEventListener('message', (event) => {
  const { id, input } = event.data;
  try {
    self.postMessage({ id, result: layoutGraph(input) });
  } catch (error) {
    self.postMessage({ id, error: String(error) });
  }
});
