/** What becomes of the copies' border, drawn small: two copies, and what they read or what reads them. */

import { html, svg } from '../../vendor/lit.js';

/** @typedef {import("./options.js").InputChoice} InputChoice */
/** @typedef {import("./options.js").JoinKind} JoinKind */

/** @param {unknown} body */
const picture = (body) => html`<svg class="border-picture" viewBox="0 0 32 24" width="32" height="24" aria-hidden="true">${body}</svg>`;

/** The two copies, in the row that begins at y. @param {number} y */
const copies = (y) => svg`<rect class="copy" x="2.5" y=${y} width="11" height="7" rx="1.5" /><rect class="copy" x="18.5" y=${y} width="11" height="7" rx="1.5" />`;

const below = copies(15.5);
const above = copies(1.5);

/** @type {Record<InputChoice, unknown>} */
export const inputPictures = {
  same: picture(svg`<rect x="10.5" y="1.5" width="11" height="6" rx="1.5" /><path d="M16 7.5v2.5q0 2 -3 2h-2q-3 0 -3 3.5M16 7.5v2.5q0 2 3 2h2q3 0 3 3.5" />${below}`),
  separate: picture(svg`<rect x="2.5" y="1.5" width="11" height="6" rx="1.5" /><rect class="new" x="18.5" y="1.5" width="11" height="6" rx="1.5" /><path d="M8 7.5v8M24 7.5v8" />${below}`),
  slice: picture(svg`<rect class="new" x="5.5" y="1.5" width="21" height="6" rx="1.5" /><path d="M16 1.5v6M10 7.5q0 4 -2 8M22 7.5q0 4 2 8" />${below}`),
};

/** @type {Record<JoinKind, unknown>} */
export const joinPictures = {
  none: picture(svg`${above}<path d="M8 8.5v6.5" /><rect x="2.5" y="15.5" width="11" height="6" rx="1.5" /><path class="loose" d="M24 8.5v7" />`),
  concat: picture(svg`${above}<path d="M8 8.5q0 4 2 7M24 8.5q0 4 -2 7" /><rect class="new" x="5.5" y="15.5" width="21" height="6" rx="1.5" /><path d="M16 15.5v6" />`),
  eltwise: picture(svg`${above}<path d="M8 8.5q0 6 4 8M24 8.5q0 6 -4 8" /><circle class="new" cx="16" cy="18" r="4.5" /><path d="M16 15.8v4.4M13.8 18h4.4" />`),
  contrastive: picture(svg`${above}<path d="M8 8.5q0 6 4 8M24 8.5q0 6 -4 8" /><circle class="new" cx="16" cy="18" r="4.5" /><path d="M13.9 17h4.2M13.9 19.2h4.2" />`),
};
