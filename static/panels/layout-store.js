/** Sizes and folds of the panels, kept in the browser from one visit to the next. */

/**
 * @typedef {object} PanelLayout
 * @property {number} left px
 * @property {number} right px
 * @property {number} bottom px
 * @property {boolean} leftOpen
 * @property {boolean} rightOpen
 * @property {boolean} bottomOpen
 * @property {boolean} beside  the problems, weights and text stand beside the net and not below it
 * @property {number} aside px, their width there
 */

const KEY = 'netgraft.panels';

/** @returns {PanelLayout} */
function usualLayout() {
  const narrow = innerWidth < 1200;
  const tiny = innerWidth < 900; // as when a page of usual width is zoomed to 200 %
  return {
    left: narrow ? 208 : 256,
    right: narrow ? 296 : 352,
    bottom: innerHeight < 800 ? 176 : 216,
    leftOpen: !tiny,
    rightOpen: !tiny,
    bottomOpen: true,
    beside: false,
    aside: narrow ? 340 : 440,
  };
}

/** @returns {PanelLayout} */
export function readLayout() {
  const usual = usualLayout();
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    for (const name of /** @type {(keyof PanelLayout)[]} */ (Object.keys(usual))) {
      if (typeof kept[name] === typeof usual[name]) Object.assign(usual, { [name]: kept[name] });
    }
  } catch {
    // nothing kept, or nothing readable: the usual sizes
  }
  return usual;
}

/** @param {PanelLayout} layout */
export function keepLayout(layout) {
  try {
    localStorage.setItem(KEY, JSON.stringify(layout));
  } catch {
    // storage is off or full: the sizes last as long as the page
  }
}
