/**
 * The operations that draw a net. Types only: nothing here runs.
 *
 * @typedef {{target: string, blob: string, bottom?: number}} Wire  the blob that `target` reads
 * @typedef {{op: 'add_layer', type: string, name?: string, bottoms?: string[], tops?: string[], after?: string, top?: number, take_readers?: boolean, between?: Wire, feeds?: {layer: string, bottom?: number | null}}} AddLayer
 * @typedef {{op: 'connect', layer: string, bottom?: number | null, from_layer?: string, top?: number, blob?: string}} Connect
 * @typedef {{op: 'paste', text: string, keep_inputs?: boolean, source?: string}} Paste
 * @typedef {AddLayer | Connect | Paste
 *   | {op: 'disconnect', layer: string, bottom: number}
 *   | {op: 'move_layer', layer: string, before?: string, after?: string}
 *   | {op: 'rename_blob', blob: string, to: string}
 *   | {op: 'split_phases', layer: string}
 *   | {op: 'set_in_place', layer: string, in_place: boolean}} DrawingOperation
 */

export {};
