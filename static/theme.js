/** Light, dark or as the system has it: kept in the browser, told to everyone by the `ng-theme` event on document. */

/** @typedef {"light" | "dark" | "system"} ThemeChoice */

const KEY = 'netgraft.theme';
const system = matchMedia('(prefers-color-scheme: dark)');

/** @returns {ThemeChoice} */
export function themeChoice() {
  const kept = read();
  return kept === 'light' || kept === 'dark' ? kept : 'system';
}

/** @param {ThemeChoice} choice */
export function chooseTheme(choice) {
  try {
    if (choice === 'system') localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, choice);
  } catch {
    // without storage the choice lasts as long as the page
  }
  paint(choice);
}

/** Follows the system while no choice was made. */
export function followSystemTheme() {
  system.addEventListener('change', () => themeChoice() === 'system' && paint('system'));
  // the canvas reads the colours again; another tab of the browser may have chosen
  matchMedia('(prefers-contrast: more)').addEventListener('change', () => paint(themeChoice()));
  addEventListener('storage', ({ key }) => key === KEY && paint(themeChoice()));
  paint(themeChoice());
}

/** @param {ThemeChoice} choice */
function paint(choice) {
  const dark = choice === 'dark' || (choice === 'system' && system.matches);
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
  document.dispatchEvent(new CustomEvent('ng-theme', { detail: { choice, dark } }));
}

function read() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}
