/** Numbers as people write them, a step up or down. Pure. */

/**
 * The number after one step: whole numbers by one, others by one in their last place (0.01 -> 0.02, 1e-4 -> 2e-4);
 * `times` of them at once.
 * @param {string} text @param {number} way  -1 or 1 @param {{whole: boolean, unsigned: boolean, times?: number}} kind
 * @returns {string | null} null where there is no number, or none further that way
 */
export function stepped(text, way, { whole, unsigned, times = 1 }) {
  const found = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(text.trim());
  const value = Number(text);
  if (!found || text.trim() === '' || !Number.isFinite(value)) return null;
  if (whole) {
    if (!Number.isInteger(value)) return null;
    const next = value + way * times;
    return unsigned && next < 0 ? null : String(next);
  }
  const places = (found[3] ?? '').length;
  const power = Number(found[4] ?? 0);
  const digits = Number(`${found[1]}${found[2] || '0'}${found[3] ?? ''}`) + way * times;
  const spelled = (digits / 10 ** places).toFixed(places);
  return power ? `${spelled}e${power}` : spelled;
}
