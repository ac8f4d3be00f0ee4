/** The element's inside: the drawing, the list for screen readers, minimap, zoom tools, hint and tooltip. */

const TIP_DELAY = 450;
const HINT_KEY = 'netgraft.canvas-hint';

/** @type {[string, string, string][]} name, label, SVG path */
const TOOLS = [
  ['out', 'Zoom out (−)', 'M3 8h10'],
  ['actual', 'Zoom to 100 % (1)', ''],
  ['in', 'Zoom in (+)', 'M8 3v10M3 8h10'],
  ['fit', 'Fit the net (F)', 'M2.5 6V2.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10'],
  ['', '', ''],
  ['fold', 'Fold chains into one card', 'M3 3h10v4H3zM3 9.5h10M3 12.5h10'],
  ['box', 'Drag selects a box', 'M2.5 5V2.5H5M7 2.5h2M11 2.5h2.5V5M13.5 7v2M13.5 11v2.5H11M9 13.5H7M5 13.5H2.5V11M2.5 9V7'],
  ['tidy', 'Tidy up: every card back in its place (T)', 'M3 3h4v3H3zM9 3h4v3H9zM6 10h4v3H6zM5 6v2h6V6M8 8v2'],
  ['lasso', 'Drag selects by a lasso (Alt+drag)', 'M8 2.5c3.2 0 5.5 1.7 5.5 4s-2.3 4-5.5 4-5.5-1.7-5.5-4 2.3-4 5.5-4M5 10c-1.6.6-1.6 2.4 0 2.4s1.4 1.6.4 2.1'],
];

/** @param {ShadowRoot} root */
export function buildFurniture(root) {
  const scene = element('canvas', 'scene');
  scene.setAttribute('aria-hidden', 'true');
  const list = element('div', 'layers');
  list.tabIndex = 0;
  list.setAttribute('role', 'listbox');
  list.setAttribute('aria-multiselectable', 'true');
  list.setAttribute('aria-label', 'Layers of the net');
  const map = element('canvas', 'map');
  map.hidden = true;
  map.setAttribute('aria-hidden', 'true');
  const tools = element('div', 'tools');
  tools.setAttribute('role', 'group');
  tools.setAttribute('aria-label', 'View');
  const buttons = new Map(TOOLS.map(([name, label, path]) => [name, tool(name, label, path)]));
  tools.append(...buttons.values());
  const hint = element('div', 'hint');
  hint.append(...hintWords());
  hint.hidden = read(HINT_KEY) === 'seen';
  const tip = element('div', 'tip');
  tip.hidden = true;
  tip.setAttribute('aria-hidden', 'true');
  const said = element('div', 'said');
  said.setAttribute('role', 'status');
  root.append(scene, list, map, tools, hint, tip, said);
  let tipTimer = 0;
  /** @type {(name: string) => void} */
  let onTool = () => {};
  tools.addEventListener('click', (event) => {
    const button = event.target instanceof Element ? event.target.closest('button') : null;
    if (button) onTool(button.dataset.tool ?? '');
  });
  const learned = () => {
    hint.dataset.gone = '';
    write(HINT_KEY, 'seen');
  };
  scene.addEventListener('wheel', () => setTimeout(learned, 1500), { once: true, passive: true });

  return {
    scene,
    list,
    map,
    hint,
    /** How much of the bottom the tools and the hint cover, of `height` px. @param {number} height */
    footHeight(height) {
      const shown = hint.offsetHeight > 0 && hint.dataset.gone === undefined;
      return Math.max(32, shown ? height - hint.offsetTop - 22 : 0);
    },
    /** @param {(name: string) => void} handler */
    onTool(handler) {
      onTool = handler;
    },
    /** @param {number} zoom @param {boolean} folded @param {'pan' | 'select' | 'lasso'} drag */
    showState(zoom, folded, drag) {
      const percent = `${zoom >= 0.0995 ? Math.round(zoom * 100) : (zoom * 100).toPrecision(2)} %`;
      const actual = /** @type {HTMLElement} */ (buttons.get('actual'));
      if (actual.textContent !== percent) actual.textContent = percent;
      buttons.get('fold')?.setAttribute('aria-pressed', String(folded));
      buttons.get('box')?.setAttribute('aria-pressed', String(drag === 'select'));
      buttons.get('lasso')?.setAttribute('aria-pressed', String(drag === 'lasso'));
    },
    /** Reads a text out. @param {string} text */
    say(text) {
      said.textContent = '';
      said.textContent = text;
    },
    /** After a moment; '' takes it away at once. @param {string} text @param {number} x @param {number} y */
    showTip(text, x, y) {
      clearTimeout(tipTimer);
      tip.hidden = true;
      if (!text) return;
      tipTimer = setTimeout(() => {
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

/** @param {string} name @param {string} label @param {string} path */
function tool(name, label, path) {
  if (!name) return element('span', 'rule');
  const button = element('button', name === 'actual' ? 'percent' : '');
  button.type = 'button';
  button.dataset.tool = name;
  button.title = label;
  button.setAttribute('aria-label', label);
  if (path) {
    const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    svg.setAttribute('viewBox', '0 0 16 16');
    svg.setAttribute('aria-hidden', 'true');
    const line = document.createElementNS('http://www.w3.org/2000/svg', 'path');
    line.setAttribute('d', path);
    svg.append(line);
    button.append(svg);
  }
  return button;
}

function hintWords() {
  const mac = /Mac|iP(hone|ad)/.test(navigator.userAgent);
  const words = [
    ['Scroll', ' moves · '],
    [mac ? '⌘ scroll' : 'Ctrl+scroll', ' zooms · '],
    ['Shift+drag', ' selects a box · '],
    ['Shift+click', ' selects up to here'],
  ];
  return words.flatMap(([key, text]) => {
    const kbd = document.createElement('kbd');
    kbd.textContent = key;
    return [kbd, document.createTextNode(text)];
  });
}

/** @param {string} key */
function read(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/** @param {string} key @param {string} value */
function write(key, value) {
  try {
    localStorage.setItem(key, value);
  } catch {
    // without storage the hint comes again
  }
}
