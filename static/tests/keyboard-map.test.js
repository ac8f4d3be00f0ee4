import assert from 'node:assert/strict';
import { test } from 'node:test';
import { messages } from '../messages.js';
import { drawing } from '../messages/drawing.js';

// what stands in the page is asked for by the module, and not by what is tested here
Object.assign(globalThis, { HTMLElement: class {}, HTMLTextAreaElement: class {}, HTMLSelectElement: class {}, HTMLInputElement: class {} });
const { commandOf } = await import('../panels/keyboard.js');

const ARROWS = new Map([['↑', 'ArrowUp'], ['↓', 'ArrowDown'], ['←', 'ArrowLeft'], ['→', 'ArrowRight']]);
/** Keys that the browser itself turns into copy, cut and paste; commands/clipboard.js listens to these. */
const BROWSERS = /^Ctrl \+ (C|X|V|Shift \+ V)$/;

/** @param {string} key @param {readonly string[]} [held] */
const press = (key, held = []) =>
  commandOf(
    /** @type {KeyboardEvent} */ ({ key, ctrlKey: held.includes('Ctrl'), shiftKey: held.includes('Shift'), altKey: held.includes('Alt'), metaKey: false }),
    { typing: false, dialog: false },
  );

/** "Alt + ↑ or ↓" is two. @param {string} combo @returns {string[]} */
function each(combo) {
  const [first = '', ...others] = combo.split(' or ');
  const held = first.includes(' + ') ? first.slice(0, first.lastIndexOf(' + ') + 3) : '';
  return [first, ...others.map((other) => held + other)];
}

/** @param {string} combo */
function commandFor(combo) {
  const parts = combo.split(' + ');
  const key = parts.at(-1) ?? '';
  return press(ARROWS.get(key) ?? (key.length === 1 ? key.toLowerCase() : key), parts.slice(0, -1));
}

const everywhere = messages.help.groups.find(([title]) => title === 'Everywhere')?.[1] ?? [];
const listed = [...everywhere, ...drawing.help[1].filter(([combo]) => !/Drag/.test(combo)), ...messages.help.groups.flatMap(([, keys]) => keys.filter(([combo]) => combo === 'F8'))];

test('every key of the map does something', () => {
  const combos = listed.flatMap(([combo]) => each(combo)).filter((combo) => !BROWSERS.test(combo));
  assert.ok(combos.length > 20);
  assert.deepEqual(combos.filter((combo) => !commandFor(combo)), []);
});

test('every key that does something is in the map', () => {
  const told = new Set(listed.flatMap(([combo, what]) => [...each(combo), ...(/with Shift/.test(what) ? [`Shift + ${combo}`] : [])]).map(commandFor));
  const keys = [...'abcdefghijklmnopqrstuvwxyz0123456789/?.[]', ...ARROWS.values(), 'Enter', 'Escape', 'Delete', 'Backspace', 'Insert', 'Home', 'End', 'PageUp', 'PageDown', ...Array.from({ length: 12 }, (_, i) => `F${i + 1}`)];
  const held = [[], ['Ctrl'], ['Shift'], ['Alt'], ['Ctrl', 'Shift']];
  const commands = new Set(keys.flatMap((key) => held.map((with_) => press(key, with_))));
  commands.delete(null);
  assert.deepEqual([...commands].filter((command) => !told.has(command)), []);
});
