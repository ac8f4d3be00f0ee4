/** Telling a solver.prototxt from a net by its fields, before anything is sent. Pure functions. */

const SOLVER_FIELDS = new Set(
  [
    'net net_param train_net test_net train_net_param test_net_param train_state test_state test_iter test_interval',
    'test_compute_loss test_initialization base_lr display average_loss max_iter iter_size lr_policy gamma power',
    'momentum weight_decay regularization_type stepsize stepvalue clip_gradients snapshot snapshot_prefix',
    'snapshot_diff snapshot_format solver_mode device_id random_seed type delta momentum2 rms_decay',
    'snapshot_after_train solver_type layer_wise_reduce',
  ].flatMap((line) => line.split(' ')),
);
const NET_FIELDS = new Set(['layer', 'layers', 'input', 'input_shape', 'input_dim']);
const TOKEN = /#[^\n]*|"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?|[{}<>]|[A-Za-z_]\w*(?=\s*[:{<])/g;

/** The names of a prototxt's top-level fields. @param {string} text @returns {Set<string>} */
export function topFields(text) {
  const names = new Set();
  let depth = 0;
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === '{' || token === '<') depth += 1;
    else if (token === '}' || token === '>') depth = Math.max(0, depth - 1);
    else if (depth === 0 && /^\w/.test(token)) names.add(token);
  }
  return names;
}

/** Whether a text is a solver and no net. @param {string} text */
export function isSolver(text) {
  const names = [...topFields(text)];
  return names.some((name) => SOLVER_FIELDS.has(name)) && !names.some((name) => NET_FIELDS.has(name));
}
