/**
 * The operations on where weights come from, as JSDoc types. Types only: nothing here runs.
 *
 * @typedef {{op: 'take_weights', layer: string, from_layer?: string | null, source?: string}
 *   | {op: 'leave_to_filler', layers: string[]}
 *   | {op: 'to_convolution', layer: string}
 *   | {op: 'merge_batch_norm', layers?: string[]}} WeightOperation
 */

export {};
