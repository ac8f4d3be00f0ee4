/** The commands that draw a net, by name: what keys and menus say. */

/** @import {Session} from "../api/session.js" */
/** @import {Ask} from "./wiring.js" */

import { copy, pasteFromClipboard } from './clipboard.js';
import { wire } from './drawing.js';
import { mergeShares } from './shares.js';
import { connectTo, moveInFile, readFrom, renameBlob, renameLayer, splitPhases, toggleInPlace } from './wiring.js';

/** @type {Record<string, ((session: Session, ask: Ask, detail?: any) => Promise<unknown>) | undefined>} */
const COMMANDS = {
  rename: (session, ask) => (session.model.picked ? renameBlob(session, ask) : renameLayer(session, ask)),
  'rename-blob': (session, ask, name) => renameBlob(session, ask, name),
  'connect-to': (session, ask) => connectTo(session, ask),
  'read-from': (session, ask, bottom) => readFrom(session, ask, bottom),
  wire: (session, ask, drawn) => wire(session, ask, drawn),
  disconnect: (session, _, cut) => session.run([{ op: 'disconnect', ...cut }]),
  'merge-shares': (session, ask, group) => mergeShares(session, ask, group),
  'add-here': async (session) => session.dispatchEvent(new Event('add-here')),
  'split-phases': (session) => splitPhases(session),
  'in-place': (session) => toggleInPlace(session),
  'move-up': (session) => moveInFile(session, -1),
  'move-down': (session) => moveInFile(session, 1),
  copy: (session) => copy(session, false),
  cut: (session) => copy(session, true),
  paste: (session) => pasteFromClipboard(session, false),
  'paste-inputs': (session) => pasteFromClipboard(session, true),
};

/** @param {string} command @param {Session} session @param {Ask} ask @param {any} [detail] @returns {Promise<unknown> | null} null: no such command */
export function netCommand(command, session, ask, detail) {
  const run = COMMANDS[command];
  return run && session.info ? run(session, ask, detail) : null;
}
