/** Stubs of long edges: a pill with the blob's name where the edge leaves and where it arrives. */

/** @typedef {import('../model/types.js').CardSet} CardSet */
/** @typedef {import('../model/graph-model.js').GraphModel} GraphModel */
/** @typedef {import('../layout/types.js').LayoutResult} LayoutResult */
/** @typedef {import('./card-boxes.js').CardBox} CardBox */

const PILL_HEIGHT = 18;
const PILL_MOST = 112;
const LEAST = 34;
const LEAD = 9;
const GAP = 4;

/** Px along the main axis that a card's stubs need beside it. @param {'down' | 'right'} direction */
export function stubLength(direction) {
  return direction === 'down' ? LEAD + PILL_HEIGHT + 2 : LEAD + PILL_MOST + 2;
}

/**
 * @typedef {object} Pill
 * @property {number} card
 * @property {'out' | 'in'} side
 * @property {string} text
 * @property {number[]} edges  indexes in set.edges
 * @property {number} x  left, world
 * @property {number} y  top, world
 * @property {number} width
 * @property {number} height
 * @property {number} portX  where its line meets the card
 * @property {number} portY
 */

/**
 * @param {GraphModel} model @param {CardSet} set @param {CardBox[]} boxes @param {LayoutResult} layout
 * @param {'down' | 'right'} direction @param {(text: string) => number} textWidth
 * @returns {Pill[]}
 */
export function placePills(model, set, boxes, layout, direction, textWidth) {
  /** @type {Map<string, {card: number, side: 'out' | 'in', text: string, edges: number[]}>} */
  const groups = new Map();
  const busy = { out: new Set(), in: new Set() };
  set.edges.forEach((edge, e) => {
    if (!layout.stub[e]) {
      busy.out.add(edge.source);
      busy.in.add(edge.target);
      return;
    }
    const blob = model.graph.edges[edge.edge].blob;
    for (const side of /** @type {const} */ (['out', 'in'])) {
      const card = side === 'out' ? edge.source : edge.target;
      const id = `${side} ${card} ${blob}`;
      const group = groups.get(id);
      if (group) group.edges.push(e);
      else groups.set(id, { card, side, text: blob, edges: [e] });
    }
  });
  /** @type {Map<string, Pill[]>} */
  const rows = new Map();
  for (const { card, side, text, edges } of groups.values()) {
    const width = Math.min(PILL_MOST, Math.ceil(textWidth(pillText(text, edges.length))) + 28);
    const pill = { card, side, text: pillText(text, edges.length), edges, x: 0, y: 0, width, height: PILL_HEIGHT, portX: 0, portY: 0 };
    const row = rows.get(`${side} ${card}`);
    if (row) row.push(pill);
    else rows.set(`${side} ${card}`, [pill]);
  }
  for (const row of rows.values()) {
    const { card, side } = row[0];
    const place = { x: layout.x[card], y: layout.y[card], box: boxes[card], shared: busy[side].has(card) };
    if (direction === 'down') placeRow(row, side, place);
    else placeColumn(row, side, place);
  }
  return [...rows.values()].flat();
}

/** The blob's name, and how many read it. @param {string} blob @param {number} count */
function pillText(blob, count) {
  return count > 1 ? `${blob} ×${count}` : blob;
}

/** Side by side at the right of the card's top or bottom, or centred where no other edge is. @param {Pill[]} row @param {'out' | 'in'} side @param {{x: number, y: number, box: CardBox, shared: boolean}} place */
function placeRow(row, side, { x, y, box, shared }) {
  const room = (shared ? box.width / 2 - 20 : box.width) - GAP * (row.length - 1);
  const wish = row.reduce((sum, pill) => sum + pill.width, 0);
  if (wish > room) for (const pill of row) pill.width = Math.max(LEAST, Math.floor((pill.width * room) / wish));
  const total = row.reduce((sum, pill) => sum + pill.width, 0) + GAP * (row.length - 1);
  let left = shared ? Math.max(x + 14, x + box.width / 2 - total - 6) : x - total / 2;
  for (const pill of row) {
    pill.x = Math.round(left);
    pill.portX = Math.min(pill.x + pill.width / 2, x + box.width / 2 - 12);
    pill.portY = side === 'out' ? y + box.height / 2 : y - box.height / 2;
    pill.y = side === 'out' ? pill.portY + LEAD : pill.portY - LEAD - PILL_HEIGHT;
    left += pill.width + GAP;
  }
}

/** Below each other at the card's side. @param {Pill[]} row @param {'out' | 'in'} side @param {{x: number, y: number, box: CardBox, shared: boolean}} place */
function placeColumn(row, side, { x, y, box, shared }) {
  let top = shared ? y + 8 : y - (row.length * (PILL_HEIGHT + GAP) - GAP) / 2;
  for (const pill of row) {
    pill.y = Math.round(top);
    pill.portY = pill.y + PILL_HEIGHT / 2;
    pill.portX = side === 'out' ? x + box.width / 2 : x - box.width / 2;
    pill.x = side === 'out' ? pill.portX + LEAD : pill.portX - LEAD - pill.width;
    top += PILL_HEIGHT + GAP;
  }
}
