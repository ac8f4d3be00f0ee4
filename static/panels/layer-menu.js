/** What can be done with the layers under the pointer: the canvas's context menu. */

/** @import {Session} from "../api/session.js" */
/** @import {MenuItem} from "./menu.js" */

import { messages } from '../messages.js';
import { icons } from './icons.js';

const t = messages.layerMenu;

/**
 * @param {Session} session @param {(command: string) => void} say
 * @returns {MenuItem[]} for the selection as it is
 */
export function layerMenu(session, say) {
  const { selection } = session.model;
  const { selected } = session;
  const [first] = selected;
  if (!first) {
    return [{ label: t.selectAll, keys: `${messages.keys.ctrl}+A`, run: () => selection.all() }];
  }
  const learned = selected.filter((layer) => layer.blobs.length && layer.type !== 'BatchNorm');
  const frozen = learned.every((layer) => layer.blobs.every((blob) => blob.lr === 0));
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
    { label: t.upstream, keys: '[', divided: true, run: () => selection.upstream() },
    { label: t.downstream, keys: ']', run: () => selection.downstream() },
  ];
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
