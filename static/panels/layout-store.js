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

/** As when a page of usual width is zoomed to 200 %: there the side panels are folded, whatever they are elsewhere. */
const isTiny = () => innerWidth < 900;

/** @returns {PanelLayout} */
function usualLayout() {
  const narrow = innerWidth < 1200;
  const tiny = isTiny();
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

/** @returns {Partial<PanelLayout>} */
function kept() {
  const usual = usualLayout();
  try {
    const all = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    const names = /** @type {(keyof PanelLayout)[]} */ (Object.keys(usual));
    return Object.fromEntries(names.filter((name) => typeof all[name] === typeof usual[name]).map((name) => [name, all[name]]));
  } catch {
    return {}; // nothing kept, or nothing readable: the usual sizes
  }
}

/** @returns {PanelLayout} */
export function readLayout() {
  const { leftOpen, rightOpen, ...rest } = kept();
  const usual = usualLayout();
  return isTiny() ? { ...usual, ...rest } : { ...usual, ...rest, leftOpen: leftOpen ?? usual.leftOpen, rightOpen: rightOpen ?? usual.rightOpen };
}

/** @param {PanelLayout} layout */
export function keepLayout(layout) {
  try {
    const { leftOpen = true, rightOpen = true } = kept();
    localStorage.setItem(KEY, JSON.stringify(isTiny() ? { ...layout, leftOpen, rightOpen } : layout));
  } catch {
    // storage is off or full: the sizes last as long as the page
  }
}
