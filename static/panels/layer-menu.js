/** What can be done with the layers under the pointer: the canvas's context menu. */

/** @import {Session} from "../api/session.js" */
/** @import {Edge, LayerCard} from "../model/types.js" */
/** @import {MenuItem} from "./menu.js" */

import { messages } from '../messages.js';
import { drawing } from '../messages/drawing.js';
import { collapsedAround, collapsible, setCollapsed } from '../model/collapse.js';
import { lacksPhase } from '../model/queries.js';
import { takesMore } from '../model/wiring.js';
import { icons } from './icons.js';

const t = messages.layerMenu;

/**
 * @param {Session} session @param {(command: string, detail?: unknown) => void} say
 * @param {boolean} [ground]  asked for beside all layers
 * @returns {MenuItem[]} for the selection as it is
 */
export function layerMenu(session, say, ground = false) {
  const { selection } = session.model;
  const { selected } = session;
  const [first] = selected;
  if (session.readOnly) return lookingMenu(session, say);
  if (session.model.picked && !ground) return edgeItems(session, session.model.picked, say);
  if (!first || ground) {
    return [
      { label: drawing.menu.add, icon: icons.plus, keys: 'A', run: () => say('add-here') },
      { label: drawing.clipboard.paste, keys: `${messages.keys.ctrl}+V`, run: () => say('paste') },
      { label: drawing.clipboard.pasteInputs, keys: `${messages.keys.ctrl}+Shift+V`, run: () => say('paste-inputs') },
      { label: t.selectAll, keys: `${messages.keys.ctrl}+A`, divided: true, run: () => selection.all() },
      ...(first ? [{ label: t.invert, run: () => selection.invert() }] : []),
    ];
  }
  const learned = selected.filter((layer) => layer.blobs.length && layer.type !== 'BatchNorm');
  const frozen = learned.length > 0 && learned.every((layer) => layer.blobs.every((blob) => blob.lr === 0));
  const rates = frozen ? { lr_mult: null, decay_mult: null } : { lr_mult: 0, decay_mult: 0 };
  const types = new Set(selected.map((layer) => layer.type));
  /** @type {MenuItem[]} */
  const items = [
    {
      label: t.duplicate(selected.length),
      icon: icons.duplicate,
      keys: messages.keys.duplicate,
      run: () => say('duplicate'),
    },
    {
      label: frozen ? t.unfreeze : t.freeze,
      icon: icons.freeze,
      disabled: learned.length === 0,
      run: () => void session.run(learned.map((layer) => ({ op: 'set_rate', layer: layer.key, blob: null, ...rates }))),
    },
    ...(selected.length === 1 ? wiringItems(session, first, say) : []),
    { label: drawing.clipboard.copy, keys: `${messages.keys.ctrl}+C`, divided: true, run: () => say('copy') },
    { label: drawing.clipboard.cutIt, keys: `${messages.keys.ctrl}+X`, run: () => say('cut') },
    { label: t.upstream, keys: '[', divided: true, run: () => selection.upstream() },
    { label: t.downstream, keys: ']', run: () => selection.downstream() },
  ];
  if (selected.length === 2) {
    const [, last] = selected;
    items.push({ label: t.between(first.name, last.name), run: () => selection.between(first.key, last.key) });
  }
  items.push(...groupItems(session, first));
  if (types.size === 1) items.push({ label: t.sameType(first.type), run: () => selection.byType(first.type) });
  const sharers = selected.flatMap((layer) => session.model.sharers(layer.key));
  if (sharers.length) items.push({ label: t.sharers, icon: icons.link, run: () => selection.add(sharers) });
  items.push({
    label: t.remove(selected.length),
    icon: icons.trash,
    keys: t.deleteKey,
    divided: true,
    run: () => say('delete'),
  });
  return items;
}

/** The group around the layers, to be opened, or those it could be collapsed into. @param {Session} session @param {LayerCard} layer @returns {MenuItem[]} */
function groupItems({ model }, { key }) {
  const around = collapsedAround(model, key);
  if (around !== null) {
    return [{ label: drawing.menu.openGroup, icon: icons.groups, keys: 'G', run: () => setCollapsed(model, around, false) }];
  }
  return collapsible(model, key).slice(0, 3).map(({ pattern, title, size }, index) => ({
    label: drawing.menu.collapse(title, size),
    icon: icons.fold,
    ...(index === 0 ? { keys: 'G' } : {}),
    run: () => setCollapsed(model, pattern, true),
  }));
}

/**
 * What one layer alone can be asked for: names, wires, its place in the file.
 * @param {Session} session @param {LayerCard} layer @param {(command: string, detail?: unknown) => void} say @returns {MenuItem[]}
 */
function wiringItems(session, layer, say) {
  const w = drawing.menu;
  const [top] = layer.tops;
  const able = layer.in_place || session.model.catalogue.get(layer.type)?.in_place;
  /** @type {MenuItem[]} */
  const items = [{ label: w.rename, icon: icons.edit, keys: 'F2', divided: true, run: () => say('rename') }];
  if (top) {
    items.push({ label: w.renameBlob(top.name), run: () => say('rename-blob', top.name) });
    items.push({ label: w.connect, keys: 'C', run: () => say('connect-to') });
  }
  if (layer.bottoms.length || takesMore(session.model, layer)) items.push({ label: w.readFrom, keys: 'Shift+C', run: () => say('read-from') });
  for (const [bottom, blob] of layer.bottoms.slice(0, 4).entries()) {
    items.push({ label: w.cut(blob), icon: icons.unlink, run: () => say('disconnect', { layer: layer.key, bottom }) });
  }
  if (able) items.push({ label: layer.in_place ? w.ownTop : w.inPlace, keys: 'I', run: () => say('in-place') });
  const lacks = lacksPhase(session.model, layer);
  if (lacks) items.push({ label: layer.phases.length > 1 ? w.splitPhases : w.otherPhase(lacks), run: () => say('split-phases') });
  items.push({ label: w.up, keys: 'Alt+↑', divided: true, run: () => say('move-up') });
  items.push({ label: w.down, keys: 'Alt+↓', run: () => say('move-down') });
  return items;
}

/**
 * What can be done with an edge.
 * @param {Session} session @param {Edge} edge @param {(command: string, detail?: unknown) => void} say @returns {MenuItem[]}
 */
function edgeItems(session, edge, say) {
  const w = drawing.menu;
  const show = (/** @type {string} */ key) => session.select([key], { reveal: true });
  return [
    { label: w.addHere, icon: icons.plus, keys: 'A', run: () => say('add-here') },
    { label: w.lead, keys: 'C', run: () => say('connect-to') },
    { label: w.renameBlob(edge.blob), icon: icons.edit, keys: 'F2', run: () => say('rename-blob', edge.blob) },
    { label: w.goTo(edge.source), divided: true, run: () => show(edge.source) },
    { label: w.goTo(edge.target), run: () => show(edge.target) },
    { label: w.cutEdge, icon: icons.unlink, keys: t.deleteKey, divided: true, run: () => say('delete') },
  ];
}

/** Where the net may only be looked at. @param {Session} session @param {(command: string, detail?: unknown) => void} say @returns {MenuItem[]} */
function lookingMenu(session, say) {
  const { selection } = session.model;
  const all = { label: t.selectAll, keys: `${messages.keys.ctrl}+A`, run: () => selection.all() };
  if (!selection.size) return [all];
  return [
    { label: drawing.clipboard.copy, keys: `${messages.keys.ctrl}+C`, run: () => say('copy') },
    { label: t.upstream, keys: '[', divided: true, run: () => selection.upstream() },
    { label: t.downstream, keys: ']', run: () => selection.downstream() },
    all,
  ];
}
