/**
 * The shapes of what the server says, and of what the browser part makes of it. Types only: nothing here runs.
 * Keys are layer keys: a layer's name, or `name~2`, `name~3` for later layers of the file with the same name.
 *
 * @typedef {'TRAIN' | 'TEST'} Phase
 * @typedef {{phase: Phase, level: number, stages: string[]}} NetState
 * @typedef {'data' | 'vision' | 'recurrent' | 'common' | 'normalization' | 'activation' | 'utility' | 'loss' | 'fork'} Family
 * @typedef {number[]} Shape  axes of a blob, outermost first
 * @typedef {'error' | 'warning' | 'info'} Severity
 * @typedef {'bvlc' | 'fork'} Profile
 *
 * @typedef {object} TopBlob
 * @property {string} name
 * @property {Shape | null} shape  null where nobody knows it
 *
 * @typedef {object} ParamBlob  one parameter blob of a layer, with the rates Caffe will use
 * @property {number} index
 * @property {string} role  'weight', 'bias', 'mean', ...
 * @property {Shape | null} shape
 * @property {string | null} param  the name stated in `param { name }`
 * @property {number} lr  effective lr_mult (the owner's)
 * @property {number} decay  effective decay_mult (the owner's)
 * @property {boolean} lr_stated
 * @property {boolean} decay_stated
 * @property {number | null} [lr_own]  what this layer itself states; null: nothing
 * @property {number | null} [decay_own]
 * @property {string | null} owner  key of the owning layer; null: owns itself
 * @property {string | null} group  name of its share group
 * @property {number | null} [rate]  base_lr × lr_mult under the solver beside the net; absent without one
 * @property {number | null} [decay_rate]  weight_decay × decay_mult
 *
 * @typedef {object} ProblemCounts
 * @property {number} error
 * @property {number} warning
 * @property {number} info
 *
 * @typedef {{parameters: number | null, macs: number | null, activation_bytes: number | null}} Cost  null where shapes are unknown
 *
 * @typedef {object} LayerCard  one layer of the file
 * @property {string} key
 * @property {number} chunk
 * @property {number} line
 * @property {number} end_line
 * @property {string} name
 * @property {string} type
 * @property {Family} family
 * @property {boolean} known  the type stands in the catalogue
 * @property {boolean} active  the layer takes part in the state asked for
 * @property {string[]} bottoms  blob names
 * @property {TopBlob[]} tops
 * @property {boolean} in_place
 * @property {Phase[]} phases  where it lives
 * @property {string} summary  key parameters, '64 · 3×3 /2'
 * @property {ParamBlob[]} blobs
 * @property {string | null} origin  source layer of its weights
 * @property {string | null} weights  'loads' | 'filler' | 'shape-clash' | 'count-clash' | ... ; null: no weights uploaded
 * @property {ProblemCounts} problems
 * @property {Cost | null} [cost]  for the batch that the net states; null for a layer that is in no state
 *
 * @typedef {object} Edge  from the layer that made this version of the blob to one that reads it
 * @property {string} source
 * @property {string} target
 * @property {string} blob
 * @property {number} top  index in the source's tops
 * @property {number} bottom  index in the target's bottoms
 *
 * @typedef {object} ShareGroup
 * @property {string} name
 * @property {{layer: string, blob: number}[]} members
 * @property {string} owner
 * @property {number} lr
 * @property {number} decay
 * @property {Shape | null} shape
 *
 * @typedef {object} Fix
 * @property {string} title
 * @property {Operation[]} operations
 *
 * @typedef {object} Diagnostic
 * @property {string} code
 * @property {Severity} severity
 * @property {string} message
 * @property {string | null} caffe_message
 * @property {string | null} layer
 * @property {string | null} blob
 * @property {number | null} line
 * @property {number | null} column
 * @property {number | null} end_line
 * @property {number | null} end_column
 * @property {Fix[]} fixes
 * @property {string[]} states  labels: 'TRAIN', 'TEST deploy'; empty for findings about the solver
 * @property {string} [file]  the solver's file, where the place is in it
 *
 * @typedef {object} Graph  GET /api/documents/{id}/graph
 * @property {string} document
 * @property {number} revision
 * @property {string} [tag]  names this very graph, for the server to tell the next one as what differs from it
 * @property {string} name
 * @property {NetState} state
 * @property {NetState[]} states
 * @property {'ok' | 'refused'} verdict
 * @property {Profile} profile  the Caffe that verdicts are for
 * @property {'TRAIN' | 'TEST' | null} [not_meant]  the phase that the file has no net for: its data layers all live in the other
 * @property {Profile} suggested_profile  'fork' where the file uses what Caffe 1.0 lacks
 * @property {string | null} solver  name of the solver beside the net
 * @property {LayerCard[]} layers  all layers of the file, in file order
 * @property {Edge[]} edges
 * @property {ShareGroup[]} groups
 * @property {Diagnostic[]} diagnostics
 * @property {string[]} outputs
 * @property {{source: string, layers: string[], datum: [number, number, number] | null}[]} sources  data sources whose shapes the file does not say
 * @property {{parameters: number | null, layers: number, macs: number, activation_bytes: number, complete: boolean}} totals
 *
 * @typedef {object} DocumentInfo
 * @property {string} id
 * @property {string} name
 * @property {number} revision
 * @property {number} version  counts every change of whatever kind
 * @property {number} [changed]  ms since 1970
 * @property {boolean} can_undo
 * @property {boolean} can_redo
 * @property {string | null} undo_title
 * @property {string | null} redo_title
 * @property {string | null} [undo_author]  who made the step that undo takes back
 * @property {string | null} [redo_author]
 * @property {'edit' | 'read'} [access]  what one may do here
 * @property {{name: string, size: number, layers: number} | null} weights
 * @property {{source: string, name: string, size: number, layers: number}[]} weight_sources  caffemodels beside the main one
 * @property {NetState[]} states
 * @property {Record<string, [number, number, number]>} datum  what data sources hold, as it was answered
 * @property {Profile | null} profile  the one that was chosen; null: what the file suggests
 * @property {SolverInfo | null} solver
 *
 * @typedef {{name: string, type: string, net: string, base_lr: number, lr_policy: string, weight_decay: number, momentum: number, max_iter: number, train_state: NetState, test_states: NetState[]}} SolverInfo
 * @typedef {{datum?: Record<string, [number, number, number] | null>, profile?: Profile | null}} PremisesChange
 *
 * @typedef {{lr_mult?: number, scale_lr?: number, decay_mult?: number, freeze?: boolean}} Rate
 * @typedef {Rate & {layers?: Record<string, Rate>}} CopyRate
 * @typedef {object} DuplicateOperation
 * @property {'duplicate'} op
 * @property {string[]} layers
 * @property {number} copies
 * @property {string[]} [suffixes]
 * @property {string[]} [prefixes]
 * @property {boolean} [keep_first]
 * @property {{default: 'none' | 'all', layers?: Record<string, 'shared' | 'independent'>}} [share]
 * @property {CopyRate[]} [rates]
 * @property {'same' | 'separate' | 'slice' | Record<string, 'same' | 'separate' | 'slice'>} [inputs]  for all blobs, or by blob
 * @property {number} [slice_axis]
 * @property {{kind: 'none' | 'concat' | 'eltwise' | 'contrastive', axis?: number, operation?: string, name?: string, label?: string, blobs?: string[]}} [join]
 *
 * @typedef {DuplicateOperation
 *   | {op: 'set_rate', layer: string, blob: number | null, lr_mult?: number | null, decay_mult?: number | null, scale_lr?: number}
 *   | {op: 'unshare', layer: string, blob: number | null}
 *   | {op: 'share', members: {layer: string, blob: number}[], name?: string, share_mode?: string}
 *   | {op: 'rename_share_group', name: string, to: string}
 *   | {op: 'one_rate', name: string, lr_mult?: number, decay_mult?: number}
 *   | {op: 'rename_layer', layer: string, to: string, blobs?: boolean}
 *   | {op: 'delete_layers', layers: string[], heal: boolean}
 *   | {op: 'set_field', layer: string, path: string, value: string | null}
 *   | {op: 'rename_net', to: string}
 *   | {op: 'upgrade'}
 *   | {op: 'replace_text', text: string, must_parse?: boolean}
 *   | import('./weights-types.js').WeightOperation
 *   | import('./drawing-types.js').DrawingOperation} Operation
 */

/**
 * What the picture is made from.
 *
 * @typedef {object} ViewSettings
 * @property {boolean} fold  unbranched conv+bn+scale+relu runs and in-place layers become one stacked card
 * @property {'down' | 'right'} direction  which way the net flows
 * @property {'selected' | 'all' | 'off'} shares  whose share links are drawn
 * @property {'hover' | 'all'} edgeLabels  blob names and shapes on edges
 * @property {'family' | 'rate'} colour  what colours a card: its family, or its effective learning rate
 * @property {'pan' | 'zoom'} wheel  what the plain wheel does (Ctrl+wheel and pinch always zoom)
 * @property {'pan' | 'select' | 'lasso'} drag  what dragging on empty space does (Shift reverses it)
 * @property {boolean} frames  copies of a part are framed and named
 * @property {boolean} minimap
 * @property {number} longEdge  edges over more ranks than this are drawn as stubs
 * @property {ReadonlySet<string>} collapsed  name prefixes and suffixes (`inception_3a/`, `*_a`) drawn as one card
 *
 * @typedef {object} Card  what is drawn as one box: a layer, a folded chain of layers, or a collapsed group
 * @property {string} id  key of its first layer, or the group's pattern
 * @property {'layer' | 'chain' | 'group'} kind
 * @property {string[]} rows  keys of its layers, in order; one each is a selectable row (not in a group)
 * @property {string} title
 *
 * @typedef {object} CardEdge  an edge between two cards
 * @property {number} source  index in cards
 * @property {number} target
 * @property {number} edge  index in graph.edges
 * @property {number[]} also  others that are drawn as this one: the same blob into or out of a group
 *
 * @typedef {object} CardSet
 * @property {Card[]} cards
 * @property {CardEdge[]} edges
 * @property {Map<string, number>} cardOf  layer key -> index in cards
 *
 * @typedef {{layer?: string, edge?: number, group?: string} | null} HoverTarget
 */

export {};
