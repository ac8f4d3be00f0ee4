/** The element's inside: the drawing, the list for screen readers, minimap, zoom tools, hint and tooltip. */

import { hints as texts, tools as names } from '../messages/canvas.js';
import { HintRoom } from './hint-room.js';
import { hintsWanted, wantHints } from './hints.js';

/** @typedef {import('../messages/canvas.js').Hint} Hint */

const TIP_DELAY = 450;

/** @type {[keyof typeof names | '', string][]} name, SVG path */
const TOOLS = [
  ['out', 'M3 8h10'],
  ['actual', ''],
  ['in', 'M8 3v10M3 8h10'],
  ['fit', 'M2.5 6V2.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10'],
  ['', ''],
  ['box', 'M2.5 5V2.5H5M7 2.5h2M11 2.5h2.5V5M13.5 7v2M13.5 11v2.5H11M9 13.5H7M5 13.5H2.5V11M2.5 9V7'],
  ['lasso', 'M8 2.5c3.2 0 5.5 1.7 5.5 4s-2.3 4-5.5 4-5.5-1.7-5.5-4 2.3-4 5.5-4M5 10c-1.6.6-1.6 2.4 0 2.4s1.4 1.6.4 2.1'],
  ['', ''],
  ['fold', 'M3 3h10v4H3zM3 9.5h10M3 12.5h10'],
  ['tidy', 'M3 3h4v3H3zM9 3h4v3H9zM6 10h4v3H6zM5 6v2h6V6M8 8v2'],
];

/** @param {ShadowRoot} root */
export function buildFurniture(root) {
  const scene = element('canvas', 'scene');
  scene.setAttribute('aria-hidden', 'true');
  const list = element('div', 'layers');
  list.tabIndex = 0;
  list.setAttribute('role', 'listbox');
  list.setAttribute('aria-multiselectable', 'true');
  list.setAttribute('aria-label', names.layers);
  const map = element('canvas', 'map');
  map.hidden = true;
  map.setAttribute('aria-hidden', 'true');
  const tools = element('div', 'tools');
  tools.setAttribute('role', 'group');
  tools.setAttribute('aria-label', names.label);
  const buttons = new Map();
  for (const [name, path] of TOOLS) {
    const made = tool(name, path);
    tools.append(made);
    buttons.set(name, made);
  }
  const hint = element('div', 'hint');
  const words = element('span', 'words');
  const hide = element('button', '');
  hide.type = 'button';
  hide.title = texts.hide;
  hide.setAttribute('aria-label', texts.hide);
  hide.append(icon('M4.5 4.5l7 7M11.5 4.5l-7 7'));
  hide.addEventListener('click', () => wantHints(false));
  hint.append(words, hide);
  const room = new HintRoom(hint);
  hint.hidden = !hintsWanted();
  document.addEventListener('ng-hints', (event) => (hint.hidden = !(/** @type {CustomEvent<boolean>} */ (event).detail)));
  const foot = element('div', 'foot');
  foot.append(tools, hint);
  const tip = element('div', 'tip');
  tip.hidden = true;
  tip.setAttribute('aria-hidden', 'true');
  const said = element('div', 'said');
  said.setAttribute('role', 'status');
  root.append(scene, list, map, foot, tip, said);
  let tipTimer = 0;
  let told = '';
  let hushed = '';
  /** @type {(name: string) => void} */
  let onTool = () => {};
  tools.addEventListener('click', (event) => {
    const button = event.target instanceof Element ? event.target.closest('button') : null;
    if (button) onTool(button.dataset.tool ?? '');
  });
  /** @type {readonly Hint[]} */
  let hinted = [];

  return {
    scene,
    list,
    map,
    /** How much of the bottom the tools cover, px; more where the hints stand above them. */
    footHeight() {
      return foot.offsetHeight > 44 ? foot.offsetHeight - 10 : 32;
    },
    /** @param {readonly Hint[]} now */
    showHints(now) {
      // A press on the button is no more by keyboard: other words would move it away before it is let go.
      if (hint.hidden || hint.matches(':hover') || (now.length === hinted.length && now.every((one, i) => one[0] === hinted[i][0] && one[1] === hinted[i][1]))) return;
      hinted = now;
      words.replaceChildren(...now.flatMap(hintWords));
      room.changed();
    },
    /** What is behind the hints may have changed. @param {(left: number, top: number, width: number, height: number) => boolean} covers  whether cards are in a box, px */
    makeRoom(covers) {
      if (!hint.hidden) room.moved(() => covers(foot.offsetLeft + hint.offsetLeft, foot.offsetTop + hint.offsetTop, hint.offsetWidth, hint.offsetHeight));
    },
    /** @param {(name: string) => void} handler */
    onTool(handler) {
      onTool = handler;
    },
    /** @param {number} zoom @param {boolean} folded @param {'pan' | 'select' | 'lasso'} drag */
    showState(zoom, folded, drag) {
      const percent = `${zoom >= 0.0995 ? Math.round(zoom * 100) : (zoom * 100).toPrecision(2)} %`;
      const actual = /** @type {HTMLElement} */ (buttons.get('actual'));
      if (actual.textContent !== percent) {
        actual.textContent = percent;
        actual.setAttribute('aria-label', `${percent}, ${names.actual}`); // who speaks to the page says what stands there
      }
      buttons.get('fold')?.setAttribute('aria-pressed', String(folded));
      buttons.get('box')?.setAttribute('aria-pressed', String(drag === 'select'));
      buttons.get('lasso')?.setAttribute('aria-pressed', String(drag === 'lasso'));
    },
    /** Reads a text out. @param {string} text */
    say(text) {
      said.textContent = '';
      said.textContent = text;
    },
    /** After a press what one is over is not explained again until the pointer has been elsewhere. */
    hush() {
      clearTimeout(tipTimer);
      tip.hidden = true;
      hushed = told;
    },
    /** After a moment; '' takes it away at once. @param {string} text @param {number} x @param {number} y */
    showTip(text, x, y) {
      clearTimeout(tipTimer);
      tip.hidden = true;
      told = text;
      if (text !== hushed) hushed = '';
      if (!text || hushed) return;
      tipTimer = window.setTimeout(() => {
        tip.textContent = text;
        tip.hidden = false;
        const { width, height } = root.host.getBoundingClientRect();
        const left = Math.min(x + 14, width - tip.offsetWidth - 8);
        const top = y + 18 + tip.offsetHeight > height ? y - tip.offsetHeight - 10 : y + 18;
        tip.style.transform = `translate(${Math.max(8, left)}px, ${Math.max(8, top)}px)`;
      }, TIP_DELAY);
    },
  };
}

/** @template {keyof HTMLElementTagNameMap} T @param {T} name @param {string} className @returns {HTMLElementTagNameMap[T]} */
function element(name, className) {
  const made = document.createElement(name);
  made.className = className;
  return made;
}

/** @param {keyof typeof names | ''} name @param {string} path */
function tool(name, path) {
  if (!name) return element('span', 'rule');
  const button = element('button', name === 'actual' ? 'percent' : '');
  button.type = 'button';
  button.dataset.tool = name;
  button.title = names[name];
  button.setAttribute('aria-label', names[name]);
  if (path) button.append(icon(path));
  return button;
}

/** @param {string} path */
function icon(path) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', '0 0 16 16');
  svg.setAttribute('aria-hidden', 'true');
  const line = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  line.setAttribute('d', path);
  svg.append(line);
  return svg;
}

/** @param {Hint} hint */
function hintWords([key, does]) {
  const kbd = document.createElement('kbd');
  kbd.textContent = key;
  const pair = document.createElement('span');
  pair.append(kbd, ` ${does}`);
  return pair;
}
