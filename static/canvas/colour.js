/** Colour arithmetic on `#rgb`, `#rrggbb` and `rgb(...)`, sRGB. */

/** @param {string} text @returns {[number, number, number]} 0..255; black for what cannot be read */
export function parseColour(text) {
  const hex = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(text.trim());
  if (hex) {
    const digits = hex[1].length === 3 ? [...hex[1]].map((d) => d + d) : (hex[1].match(/../g) ?? []);
    return /** @type {[number, number, number]} */ (digits.map((pair) => parseInt(pair, 16)));
  }
  const parts = text.match(/[\d.]+/g);
  if (!parts || parts.length < 3) return [0, 0, 0];
  return [Number(parts[0]), Number(parts[1]), Number(parts[2])];
}

/** @param {string} from @param {string} to @param {number} share of `to`, 0..1 */
export function mix(from, to, share) {
  const a = parseColour(from);
  const b = parseColour(to);
  const [red, green, blue] = a.map((value, i) => Math.round(value + (b[i] - value) * share));
  return `rgb(${red}, ${green}, ${blue})`;
}

/** @param {string} colour @param {number} alpha */
export function withAlpha(colour, alpha) {
  return `rgba(${parseColour(colour).join(', ')}, ${alpha})`;
}
