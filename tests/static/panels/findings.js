/** Problems and fixes as the server would tell them. */

/** @param {Partial<import('../../../static/model/types.js').Diagnostic>} more */
export const problem = (more) => ({
  code: 'x',
  severity: /** @type {const} */ ('error'),
  message: 'm',
  caffe_message: null,
  layer: 'ip1',
  blob: null,
  line: 3,
  column: 1,
  end_line: 3,
  end_column: 2,
  fixes: [],
  states: [],
  ...more,
});

/** @param {string} layer */
export const unshare = (layer) => ({
  title: `Unshare ${layer}`,
  operations: [{ op: /** @type {const} */ ('unshare'), layer, blob: null }],
});
