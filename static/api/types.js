/**
 * What the REST API speaks beyond the graph itself (../model/types.js), as JSDoc types. Types only: nothing here runs.
 *
 * @typedef {import('../model/types.js').Graph} Graph
 * @typedef {import('../model/types.js').DocumentInfo} DocumentInfo
 * @typedef {import('../model/types.js').Operation} Operation
 * @typedef {import('../model/types.js').NetState} NetState
 * @typedef {import('../model/types.js').PremisesChange} PremisesChange
 *
 * @typedef {{[member: string]: any}} Report  what an operation says it did
 * @typedef {{from: number, over: {revision: number, title: string, author: string, undone: boolean}[], renamed: {kind: string, old: string, new: string}[]}} Rebased  made for revision `from`, applied over what came since
 * @typedef {import('../model/types.js').LayerCard} LayerCard
 * @typedef {import('../model/types.js').Edge} Edge
 *
 * @typedef {{start: number, count: number, chunk: number, line: number} | {rows: LayerCard[]}} LayerRun  layers of the graph held, moved in the file, or new ones
 * @typedef {{start: number, count: number} | {rows: Edge[]}} EdgeRun
 * @typedef {Omit<Graph, 'layers' | 'edges'> & {since: string, layers: LayerRun[], edges: EdgeRun[]}} GraphChanges  a graph as what differs from the one whose tag is `since`
 * @typedef {{document: DocumentInfo, report: Report | null, graph: Graph, rebased?: Rebased | null}} OperationResult
 * @typedef {{report: Report | null, graph: Graph, diff: string, text: string, rebased?: Rebased | null}} PreviewResult
 *
 * @typedef {Record<'down' | 'right', Record<string, readonly [number, number]>>} PictureLayout  how far cards were moved, by layer key
 * @typedef {{least: number, most: number | null}} CountRange
 * @typedef {{name: string, family: string, doc: string, profile?: string, blobs?: string[], in_place?: boolean, bottoms?: CountRange, tops?: CountRange, equal_counts?: boolean}} CatalogueType
 * @typedef {{name: string, title?: string, description?: string, layers?: number}} Example
 *
 * @typedef {object} ProblemPlace  where in a file the server found what it refuses; line and column are 1-based
 * @property {number} [line]
 * @property {number} [column]
 * @property {string} message
 * @property {string} [code]
 */

export {};
