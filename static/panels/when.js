/** When something was, in few characters: the hour of today, the day of what is older. */

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const RECENT = 20 * 3600 * 1000;

/** @param {number} moment  ms since 1970 @param {number} [now] */
export function when(moment, now = Date.now()) {
  return (now - moment < RECENT ? clock : day).format(moment);
}
