/**
 * What goes into the layout and what comes out. Nodes and edges are named by index. "Cross" is the axis that rows run
 * along (x when the net flows down), "main" the axis the net flows along.
 *
 * @typedef {object} LayoutInput
 * @property {ArrayLike<number>} widths  px, one a node
 * @property {ArrayLike<number>} heights
 * @property {ArrayLike<number>} sources  node index, one an edge
 * @property {ArrayLike<number>} targets
 * @property {ArrayLike<number>} ports  which output of its source an edge leaves from (0, 1, ...)
 * @property {'down' | 'right'} direction
 * @property {number} longEdge  edges over more ranks than this become stubs
 * @property {number} stub  px along the main axis that a node's stubs need on that side
 * @property {ArrayLike<number> | null} [labels]  px along the main axis that each edge's name needs between two rows
 * @property {ArrayLike<number> | null} [clusters]  of each node: which copy of a part it belongs to, or -1
 * @property {LayoutHints | null} [hints]  where things were before an edit
 *
 * @typedef {object} LayoutHints
 * @property {ArrayLike<number>} cross  former centre of each node on the cross axis; NaN: the node is new
 * @property {ArrayLike<number>} starts  where each node began on the main axis; NaN: the node is new
 * @property {(readonly number[] | null)[]} bends  former cross positions of an edge's bends
 *
 * @typedef {object} LayoutResult
 * @property {Float64Array} x  centres
 * @property {Float64Array} y
 * @property {Int32Array} rank
 * @property {Uint8Array} stub  1 where an edge is drawn as stubs
 * @property {Float64Array} points  x, y, x, y, ... the knots of all edges; between two knots runs an S along the main axis
 * @property {Int32Array} starts  edge e has knots starts[e] .. starts[e + 1] (in pairs); a stub has two: where it leaves, where it arrives
 * @property {number[][]} bends  hints for the next layout
 * @property {{minX: number, minY: number, maxX: number, maxY: number}} bounds
 *
 * @typedef {object} Grid  the layered graph: real nodes first, then the bends of longer edges
 * @property {number} real  number of real nodes
 * @property {number} size  number of nodes, bends included
 * @property {Int32Array} rank
 * @property {number[][]} rows  node ids, in order
 * @property {Int32Array} at  position of a node in its row
 * @property {number[][]} up  neighbours in the row above
 * @property {number[][]} down
 * @property {(readonly number[])[]} chains  the bends of each edge, in order
 */

export {};
