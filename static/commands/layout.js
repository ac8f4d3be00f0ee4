/** Where cards were moved to, between the picture and the server: read when a net opens, kept a moment after a move. */

/** @import {Session} from "../api/session.js" */

const DELAY = 400;

/** @param {Session} session */
export async function readMoves(session) {
  const { info, model } = session;
  if (!info) return;
  const kept = await session.attempt(() => session.client.layout(info.id));
  if (!kept || session.info?.id !== info.id) return;
  for (const way of /** @type {const} */ (['down', 'right'])) {
    const moves = new Map(Object.entries(kept[way]));
    if (moves.size || model.moves[way].size) model.setMoves(way, moves);
  }
}

/** Keeps what is moved from now on; what is asked for in a row is sent once. @param {Session} session @param {EventTarget} canvas */
export function keepMoves(session, canvas) {
  let timer = 0;
  canvas.addEventListener('moved', () => {
    const { info } = session;
    if (!info) return;
    clearTimeout(timer);
    timer = window.setTimeout(() => {
      const { down, right } = session.model.moves;
      const layout = { down: Object.fromEntries(down), right: Object.fromEntries(right) };
      if (session.info?.id === info.id) void session.attempt(() => session.client.putLayout(info.id, layout));
    }, DELAY);
  });
}
