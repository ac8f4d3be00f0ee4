/** Copy, cut and paste: the clipboard holds prototxt, so it works between nets and with any text editor. */

/** @import {Session} from "../api/session.js" */

import { drawing } from '../messages/drawing.js';
import { layersText } from '../model/layers-text.js';
import { selectAdded } from './drawing.js';

const t = drawing.clipboard;
const ADDRESS = /^\s*https?:\/\/\S+\s*$/;

/** What this page copied last, and whether it left trained values behind that other nets do not have. */
let last = { text: '', weights: false };

/** Whether one may think that weights came along: where there are some, here or where the text is from. @param {Session} session @param {string} text */
function brought({ info }, text) {
  return info?.weights != null || (last.weights && last.text.trim() === text.trim());
}

/** The selected layers as prototxt, where the text is at hand. @param {Session} session @returns {string | null} */
function textAtHand(session) {
  const { source, info, selected } = session;
  return source && source.revision === info?.revision ? layersText(source.text, selected) : null;
}

/** @param {Session} session @param {boolean} remove  cut: the layers go, their readers are healed */
export async function copy(session, remove) {
  const keys = session.selected.map((layer) => layer.key);
  if (!keys.length) return;
  const text = layersText(await session.text(), session.selected);
  const done = await session.attempt(async () => {
    await navigator.clipboard.writeText(text);
    return true;
  });
  if (done) await copied(session, keys, text, remove);
}

/** The clipboard has them. @param {Session} session @param {string[]} keys @param {string} text @param {boolean} remove */
async function copied(session, keys, text, remove) {
  last = { text, weights: session.info?.weights != null };
  if (remove && !(await session.run([{ op: 'delete_layers', layers: keys, heal: true }]))) return;
  session.notices.add({ kind: 'ok', title: remove ? t.cut(keys.length) : t.copied(keys.length), detail: t.hint });
}

/** Adds layers to the net, or begins one where none is open. @param {Session} session @param {string} text @param {boolean} keep  what the layers read outside is read here too */
export async function paste(session, text, keep) {
  if (!text.trim()) return;
  session.notices.clear('error'); // what was said of a paste before is over
  if (ADDRESS.test(text)) return void session.notices.add({ kind: 'info', title: t.address, detail: t.addressDetail });
  if (!session.info) return void (await session.attempt(async () => session.show(await session.client.create({ text, name: drawing.untitled }))));
  const result = await session.run([{ op: 'paste', text, keep_inputs: keep }]);
  if (!result) return;
  selectAdded(session, result);
  /** @type {{code: string, message: string}[]} */
  const notes = result.report?.notes ?? [];
  const open = notes.some(({ code }) => code === 'open-input');
  const bare = brought(session, text) ? notes.find(({ code }) => code === 'pasted-without-weights') : undefined;
  const detail = [open ? t.open : '', bare ? t.bare(bare.message) : ''].filter(Boolean).join(' ');
  session.notices.clear('ok');
  session.notices.add({
    kind: 'ok',
    title: t.pasted((result.report?.added ?? []).length),
    ...(detail ? { detail } : {}),
  });
}

/** @param {Session} session @param {boolean} keep */
export async function pasteFromClipboard(session, keep) {
  const text = await session.attempt(() => navigator.clipboard.readText());
  if (text) await paste(session, text, keep);
}

/**
 * Listens to the page's own copy, cut and paste, outside of text fields.
 * @param {Session} session @param {(target: EventTarget | null | undefined) => boolean} typing
 */
export function listenToClipboard(session, typing) {
  let shifted = false;
  addEventListener('keydown', (event) => (shifted = event.shiftKey), true);
  const mine = (/** @type {ClipboardEvent} */ event) =>
    !event.defaultPrevented &&
    !typing(event.composedPath()[0]) &&
    document.querySelector('dialog[open]') === null;
  const take = (/** @type {ClipboardEvent} */ event) => {
    const keys = session.selected.map((layer) => layer.key);
    if (!mine(event) || !keys.length || String(getSelection())) return;
    event.preventDefault();
    const text = textAtHand(session);
    if (text === null) return void copy(session, event.type === 'cut');
    event.clipboardData?.setData('text/plain', text);
    void copied(session, keys, text, event.type === 'cut');
  };
  addEventListener('copy', take);
  addEventListener('cut', take);
  addEventListener('paste', (event) => {
    if (!mine(event) || session.client.readOnly) return;
    const text = event.clipboardData?.getData('text/plain') ?? '';
    if (!text.trim()) return;
    event.preventDefault();
    void paste(session, text, shifted);
  });
  // The text is fetched before it is asked for: a copy event must be answered at once.
  let timer = 0;
  session.model.addEventListener('selection', () => {
    clearTimeout(timer);
    if (session.selection.size) timer = window.setTimeout(() => void session.attempt(() => session.text()), 120);
  });
}
