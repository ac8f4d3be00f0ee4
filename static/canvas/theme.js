/** The canvas's colours and type, read from the page's custom properties (`--ng-...`, styles/tokens.css). */

import { mix, withAlpha } from './colour.js';

/** @typedef {import('../model/types.js').Family} Family */

const FAMILIES = /** @type {const} */ ([
  'data', 'vision', 'recurrent', 'common', 'normalization', 'activation', 'utility', 'loss', 'fork',
]);

/** What is used where the page sets no token: the light palette. */
const FALLBACK = {
  bg: '#f3f4f1', grid: '#e3e5df', raised: '#ffffff', border: '#d8dbd4', 'border-strong': '#878e86',
  shadow: 'rgba(24, 32, 28, 0.16)', text: '#1a1f1c', 'text-muted': '#565e59', accent: '#0b6b5b',
  'accent-soft': '#d9ece6', 'accent-text': '#ffffff', focus: '#1b5fd9', selection: '#0b6b5b', error: '#b3261e',
  warning: '#8a5a00', info: '#2559a8', ok: '#23713c', edge: '#98a098', 'edge-strong': '#4c544f',
  'family-data': '#48566a', 'family-vision': '#2f6bc4', 'family-recurrent': '#7a4cc4', 'family-common': '#9a6700',
  'family-normalization': '#0b7f78', 'family-activation': '#b93d78', 'family-utility': '#6c746e',
  'family-loss': '#b04a21', 'family-fork': '#5d6d1f', 'share-1': '#2563d8', 'share-2': '#c8500f',
  'share-3': '#12834a', 'share-4': '#8b35c9', 'share-5': '#bf2060', 'share-6': '#0c7490', 'share-7': '#866300',
  'share-8': '#5b5fc7', 'rate-frozen': '#7f9bb8', 'rate-slow': '#6fae9c', 'rate-one': '#c9ccc4',
  'rate-fast': '#d9862b', 'rate-fastest': '#c23b22',
};

/**
 * @typedef {object} Theme
 * @property {Record<keyof typeof FALLBACK, string>} colour
 * @property {boolean} dark
 * @property {Record<Family, {line: string, head: string, block: string}>} family  line: bars and type words; head: a card's head; block: a card seen from afar
 * @property {string[]} share  colours of share groups, in turn
 * @property {string} font
 * @property {string} mono
 * @property {string} rowSelected
 * @property {string} rowHover
 * @property {string} inactive  what inactive cards are veiled with
 */

/** @param {Element} element @returns {Theme} */
export function readTheme(element) {
  const style = getComputedStyle(element);
  const read = (/** @type {string} */ name) => style.getPropertyValue(`--ng-${name}`).trim();
  const colour = /** @type {Theme['colour']} */ ({ ...FALLBACK });
  for (const name of /** @type {(keyof typeof FALLBACK)[]} */ (Object.keys(FALLBACK))) {
    colour[name] = read(name) || FALLBACK[name];
  }
  const dark = style.colorScheme.includes('dark');
  const family = /** @type {Theme['family']} */ ({});
  for (const name of FAMILIES) {
    const line = colour[`family-${name}`];
    family[name] = {
      line,
      head: mix(colour.raised, line, dark ? 0.14 : 0.09),
      block: mix(colour.raised, line, dark ? 0.55 : 0.5),
    };
  }
  return {
    colour,
    dark,
    family,
    share: [1, 2, 3, 4, 5, 6, 7, 8].map((n) => colour[/** @type {'share-1'} */ (`share-${n}`)]),
    font: read('font') || 'system-ui, sans-serif',
    mono: read('font-mono') || 'ui-monospace, monospace',
    rowSelected: mix(colour.raised, colour.selection, dark ? 0.24 : 0.14),
    rowHover: mix(colour.raised, colour.text, 0.05),
    inactive: withAlpha(colour.bg, 0.55),
  };
}

/** @param {Theme} theme @param {string} name */
export function familyColours(theme, name) {
  return theme.family[/** @type {Family} */ (name)] ?? theme.family.fork;
}
