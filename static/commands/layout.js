/** Where cards were moved to, between the picture and the server: read when a net opens or others moved some, kept a moment after a move. */

/** @import {Moves} from "../canvas/moved.js" */
/** @import {PictureLayout} from "../api/types.js" */
/** @import {Session} from "../api/session.js" */

const DELAY = 400;
const WAYS = /** @type {const} */ (['down', 'right']);

/** @typedef {Record<'down' | 'right', Moves>} Both */

/** @type {WeakMap<Session, {of: string, both: Both}>} what the server has, as far as it is known here */
const known = new WeakMap();

/** @returns {Both} */
const nothing = () => ({ down: new Map(), right: new Map() });

/** @param {PictureLayout} layout @returns {Both} */
const fromServer = ({ down, right }) => ({ down: new Map(Object.entries(down)), right: new Map(Object.entries(right)) });

/** @param {Session} session @returns {Both} */
function base(session) {
  const found = known.get(session);
  return found && found.of === session.info?.id ? found.both : nothing();
}

const samePlace = (/** @type {readonly [number, number] | undefined} */ a, /** @type {readonly [number, number] | undefined} */ b) =>
  a?.[0] === b?.[0] && a?.[1] === b?.[1];

/**
 * What was moved here; null: put back in its place.
 * @param {Moves} before what the server has @param {Moves} mine @returns {Map<string, readonly [number, number] | null>}
 */
export function movedHere(before, mine) {
  const cards = [...new Set([...before.keys(), ...mine.keys()])];
  return new Map(cards.filter((card) => !samePlace(before.get(card), mine.get(card))).map((card) => [card, mine.get(card) ?? null]));
}

/**
 * What is moved here and what was moved elsewhere, together; of a card that both moved, where it is here.
 * @param {Moves} before what both began with @param {Moves} mine @param {Moves} theirs @returns {Moves}
 */
export function mergeMoves(before, mine, theirs) {
  const merged = new Map(theirs);
  for (const [card, place] of movedHere(before, mine)) {
    if (place) merged.set(card, place);
    else merged.delete(card);
  }
  return merged;
}

/** Shows where cards are by now; what was moved here and not kept yet stays where it is. @param {Session} session */
export async function readMoves(session) {
  const { info } = session;
  if (!info) return;
  const kept = await session.client.layout(info.id).catch(() => null); // the picture is as good without
  if (kept && session.info?.id === info.id) show(session, base(session), fromServer(kept));
}

/** @param {Session} session @param {Both} before @param {Both} theirs */
function show(session, before, theirs) {
  const { model } = session;
  known.set(session, { of: session.info?.id ?? '', both: theirs });
  for (const way of WAYS) {
    const moves = mergeMoves(before[way], model.moves[way], theirs[way]);
    if (movedHere(model.moves[way], moves).size) model.setMoves(way, moves);
  }
}

/** Keeps what is moved from now on; what is asked for in a row is sent once. @param {Session} session @param {EventTarget} canvas */
export function keepMoves(session, canvas) {
  let timer = 0;
  canvas.addEventListener('moved', () => {
    const { info } = session;
    if (!info || session.readOnly) return;
    clearTimeout(timer);
    timer = window.setTimeout(() => {
      if (session.info?.id === info.id) void session.attempt(() => send(session, info.id));
    }, DELAY);
  });
}

/** Only what was moved here goes to the server: others may move cards at the same time. @param {Session} session @param {string} id */
async function send(session, id) {
  const before = base(session);
  const sent = { ...session.model.moves };
  const here = { down: movedHere(before.down, sent.down), right: movedHere(before.right, sent.right) };
  if (!here.down.size && !here.right.size) return;
  const now = await session.client.moveCards(id, { down: Object.fromEntries(here.down), right: Object.fromEntries(here.right) });
  if (session.info?.id === id) show(session, sent, fromServer(now));
}
