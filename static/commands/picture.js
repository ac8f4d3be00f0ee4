/** The net as a picture in a file. */

/** @import {Session} from "../api/session.js" */
/** @import {NetCanvas} from "../canvas/net-canvas.js" */

import { pictures as t } from '../messages/around.js';

/** Below this names in a PNG cannot be read. */
const LEGIBLE = 0.5;

/** @param {Session} session @param {NetCanvas | null} canvas @param {{format: 'png' | 'svg', selected?: boolean}} what */
export async function savePicture(session, canvas, { format, selected = false }) {
  const keys = selected ? new Set(session.selection) : null;
  const picture = await session.attempt(() => canvas?.exportPicture(format, keys) ?? Promise.reject(new Error('no canvas')));
  if (!picture || !session.info) return;
  const link = document.createElement('a');
  link.href = URL.createObjectURL(picture);
  link.download = `${session.info.name}.${format}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  if (format === 'svg' || !canvas || canvas.pngScale(keys) >= LEGIBLE) return;
  const action = { label: t.asSvg, run: () => void savePicture(session, canvas, { format: 'svg', selected }) };
  session.notices.add({ kind: 'info', title: t.small(canvas.pngScale(keys)), detail: t.smallDetail, action });
}
