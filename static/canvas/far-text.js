/** What stands on a card seen from some way off: its name on one line or two, else what it is. Pure. */

/** @typedef {import('./text.js').TextMeter} TextMeter */

/** How much larger than nearby type is drawn, so that it can be read; in steps, so that it does not flicker. @param {number} zoom */
export function farScale(zoom) {
  return Math.min(3.4, Math.max(1, Math.ceil((10.5 / (13 * zoom)) * 8) / 8));
}

/** No letter alone on a line. */
const LEAST_PART = 3;
/** A name may be drawn so much smaller, rather than cut. */
export const LEAST = 0.74;

/**
 * How much of a type's size lets a name stand uncut, without the path before it; 1 where it fits, or cannot.
 * @param {string} name @param {number} room @param {TextMeter} meter @param {string} font
 */
export function shrink(name, room, meter, font) {
  const needs = meter.width(lastPart(name), font);
  return needs > room && needs * LEAST <= room ? room / needs : 1;
}

/** A name without the path before it, where that is a name still. @param {string} name */
export function lastPart(name) {
  const last = name.slice(name.lastIndexOf('/', name.length - 2) + 1);
  return last.length < LEAST_PART ? name : last;
}

/**
 * A name in one line, if need be without the path before it: layers of a module differ in what comes after.
 * @param {string} name @param {number} room @param {TextMeter} meter @param {string} font
 */
export function shortName(name, room, meter, font) {
  if (meter.width(name, font) <= room) return name;
  return meter.cut(lastPart(name), font, room);
}

/**
 * A name that is too long for one line, on two: cut where a part of it ends, so that least is lost.
 * @param {string} name @param {number} first  room of the first line @param {number} second @param {TextMeter} meter @param {string} font
 * @returns {string[]}
 */
export function twoLines(name, first, second, meter, font) {
  let best = [shortName(name, first, meter, font)];
  let least = best[0] === name ? 0 : Infinity;
  let at = 0;
  for (let i = 1; i < name.length && best[0] !== name; i++) {
    if (!/[/_.\-]/.test(name[i - 1]) || /[/_.\-]/.test(name[i])) continue;
    const [head, tail] = [name.slice(0, i), name.slice(i)];
    if (tail.length < LEAST_PART) continue;
    const lost = Math.max(0, meter.width(head, font) - first) + Math.max(0, meter.width(tail, font) - second);
    // Of those that fit, the path on the first line and the name on the second.
    const better = lost === least && (name[i - 1] === '/' || name[at - 1] !== '/');
    if (lost < least || better) {
      least = lost;
      at = i;
      best = [meter.cut(head, font, first), meter.cut(tail, font, second)];
    }
  }
  return best;
}
