/** Line icons on a 16 by 16 grid, drawn in the colour of the text around them and hidden from screen readers. */

import { html, svg } from '../vendor/lit.js';

/** @param {unknown} inner */
const icon = (inner) =>
  html`<svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">${inner}</svg>`;

export const icons = {
  open: icon(svg`<path d="M2 12.5v-9h4l1.5 2H13v2M2 12.5 4 7.5h10.5l-2 5z" />`),
  examples: icon(svg`<path d="M5.5 2h5v3h-5zM2 11h4v3H2zM10 11h4v3h-4zM8 5v3M4 11V8h8v3" />`),
  undo: icon(svg`<path d="M6 3 2.5 6.5 6 10M3 6.5h6.2a3.6 3.6 0 0 1 0 7.2H6" />`),
  redo: icon(svg`<path d="M10 3l3.5 3.5L10 10M13 6.5H6.8a3.6 3.6 0 0 0 0 7.2H10" />`),
  duplicate: icon(
    svg`<path d="M8 1.8v3.4M8 5.2c0 2-3.8 1.6-3.8 4M8 5.2c0 2 3.8 1.6 3.8 4M2.4 9.2H6v4.4H2.4zM10 9.2h3.6v4.4H10z" />`,
  ),
  download: icon(svg`<path d="M8 2v8M4.8 7 8 10.2 11.2 7M2.5 13.5h11" />`),
  downTo: icon(svg`<path d="M8 2.5v7M4.8 6.8 8 10l3.2-3.2M3 13h10" />`),
  up: icon(svg`<path d="M8 13V3M4 7l4-4 4 4" />`),
  down: icon(svg`<path d="M8 3v10M4 9l4 4 4-4" />`),
  chevron: icon(svg`<path d="m4.5 6.5 3.5 3.5 3.5-3.5" />`),
  right: icon(svg`<path d="M6.5 4.5 10 8l-3.5 3.5" />`),
  search: icon(svg`<circle cx="7" cy="7" r="4.2" /><path d="m10.2 10.2 3.6 3.6" />`),
  close: icon(svg`<path d="m4 4 8 8M12 4l-8 8" />`),
  light: icon(
    svg`<circle cx="8" cy="8" r="2.8" /><path d="M8 1.5v1.6M8 12.9v1.6M1.5 8h1.6M12.9 8h1.6M3.4 3.4l1.1 1.1M11.5 11.5l1.1 1.1M12.6 3.4l-1.1 1.1M4.5 11.5l-1.1 1.1" />`,
  ),
  dark: icon(svg`<path d="M13.2 9.6A5.7 5.7 0 0 1 6.4 2.8a5.7 5.7 0 1 0 6.8 6.8z" />`),
  system: icon(svg`<path d="M2 3h12v8H2zM6 13.5h4M8 11v2.5" />`),
  help: icon(
    svg`<circle cx="8" cy="8" r="6.2" /><path d="M6.2 6.3a1.9 1.9 0 1 1 2.5 1.8c-.5.2-.7.5-.7 1v.3M8 11.6v.1" />`,
  ),
  error: icon(svg`<path d="M5.3 1.8h5.4l3.5 3.5v5.4l-3.5 3.5H5.3l-3.5-3.5V5.3zM8 4.8v4M8 11v.2" />`),
  warning: icon(svg`<path d="M8 2 14.5 13.5h-13zM8 6.4v3.4M8 11.6v.1" />`),
  info: icon(svg`<circle cx="8" cy="8" r="6.2" /><path d="M8 7.3v4M8 4.7v.2" />`),
  ok: icon(svg`<circle cx="8" cy="8" r="6.2" /><path d="m5.2 8.2 2 2 3.6-4" />`),
  plus: icon(svg`<path d="M8 3v10M3 8h10" />`),
  minus: icon(svg`<path d="M3 8h10" />`),
  fit: icon(svg`<path d="M2.5 6V2.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10" />`),
  fold: icon(svg`<path d="M3 2.5h10M3 13.5h10M8 4v3M6.3 5.6 8 7.2l1.7-1.6M8 12V9M6.3 10.4 8 8.8l1.7 1.6" />`),
  link: icon(
    svg`<path d="M6.8 9.2a2.6 2.6 0 0 0 3.7 0l2.2-2.2A2.6 2.6 0 0 0 9 3.3L8 4.3M9.2 6.8a2.6 2.6 0 0 0-3.7 0L3.3 9A2.6 2.6 0 0 0 7 12.7l1-1" />`,
  ),
  unlink: icon(
    svg`<path d="m10.8 8.9 1.9-1.9A2.6 2.6 0 0 0 9 3.3l-1 1M5.2 7.1 3.3 9A2.6 2.6 0 0 0 7 12.7l1-1M3 3l10 10" />`,
  ),
  rates: icon(svg`<path d="M2.5 12.5a6 6 0 1 1 11 0M8 10.5l2.6-4" />`),
  edit: icon(svg`<path d="M2.5 13.5v-2.7l8-8 2.7 2.7-8 8zM9 4.3 11.7 7" />`),
  trash: icon(svg`<path d="M2.5 4.5h11M6 4.5V2.5h4v2M4 4.5l.6 9h6.8l.6-9M6.7 7v4M9.3 7v4" />`),
  file: icon(svg`<path d="M3.5 1.8h5.7l3.3 3.3v9.1h-9zM9 2v3.3h3.4" />`),
  picture: icon(svg`<path d="M2 3h12v10H2zM2 11l3.5-3.5 3 3L10.5 8.5 14 12" /><circle cx="10.8" cy="5.8" r="0.9" />`),
  weights: icon(
    svg`<path d="M2.5 4c0-1.2 2.5-2 5.5-2s5.5.8 5.5 2-2.5 2-5.5 2-5.5-.8-5.5-2zM2.5 4v8c0 1.2 2.5 2 5.5 2s5.5-.8 5.5-2V4M2.5 8c0 1.2 2.5 2 5.5 2s5.5-.8 5.5-2" />`,
  ),
  wrench: icon(
    svg`<path d="M13.6 4.6a3.4 3.4 0 0 1-4.6 4L4.6 13a1.5 1.5 0 0 1-2.1-2.1L7 6.5a3.4 3.4 0 0 1 4-4.6L9.2 3.8l.4 2.1 2.1.4z" />`,
  ),
  freeze: icon(
    svg`<path d="M8 1.8v12.4M2.6 4.9l10.8 6.2M13.4 4.9 2.6 11.1M6.4 2.8 8 4.2l1.6-1.4M6.4 13.2 8 11.8l1.6 1.4" />`,
  ),
  changes: icon(svg`<path d="M3 2.5h10v11H3zM6 5.8h4M8 3.8v4M6 10.8h4" />`),
  groups: icon(svg`<path d="M2.5 4.5h7v7h-7zM6 4.5v-2h7.5v7h-4" />`),
  view: icon(svg`<path d="M1.8 8S4 3.8 8 3.8 14.2 8 14.2 8 12 12.2 8 12.2 1.8 8 1.8 8z" /><circle cx="8" cy="8" r="1.8" />`),
  panel: icon(svg`<path d="M2 3h12v10H2zM2 9.5h12" />`),
  side: icon(svg`<path d="M2 3h12v10H2zM6 3v10" />`),
  share: icon(svg`<circle cx="6" cy="5" r="2.4" /><path d="M1.8 13c0-2.4 1.8-4 4.2-4s4.2 1.6 4.2 4M12.5 5v5M10 7.5h5" />`),
  copy: icon(svg`<path d="M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3" />`),
  drop: icon(svg`<path d="M8 2.5v7M5 6.8l3 3 3-3M2.5 9.5v4h11v-4" />`),
};

/** The mark: one stem grafted into two. */
export const mark = html`<svg class="mark" viewBox="0 0 24 24" width="22" height="22" aria-hidden="true">
  <path d="M12 2v7M12 9c0 4-6 3-6 8v1M12 9c0 4 6 3 6 8v1" />
  <circle cx="12" cy="9" r="2.4" /><circle cx="6" cy="19.4" r="2.4" /><circle cx="18" cy="19.4" r="2.4" />
</svg>`;
