/** What is selected goes: layers, whose readers then read what they read, or an edge. */

/** @import {Session} from "../api/session.js" */

import { messages } from '../messages.js';
import { cutPicked } from './drawing.js';

const t = messages.app;

/** @param {Session} session */
export async function deleteSelected(session) {
  const { model } = session;
  if (model.picked) return cutPicked(session);
  const keys = session.selected.map((layer) => layer.key);
  if (!keys.length) return null;
  const gone = new Set(keys);
  const read = keys.some((key) => model.readers(key).some((reader) => !gone.has(reader)));
  const result = await session.run([{ op: 'delete_layers', layers: keys, heal: true }]);
  if (!result) return null;
  const action = { label: messages.topbar.undo, run: () => void session.step('undo') };
  /** @type {{code: string, message: string}[]} */
  const notes = result.report?.notes ?? [];
  const again = notes.filter(({ code }) => code === 'fits-again').map(({ message }) => message);
  const detail = [...(read ? [t.healed] : []), ...again.slice(0, 3)].join(' ');
  session.notices.add({ kind: 'ok', title: t.deleted(keys.length), detail: detail || undefined, action });
  return result;
}
