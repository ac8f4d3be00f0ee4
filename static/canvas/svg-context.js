/**
 * Draws what the canvas draws as SVG text: the part of a 2D context that the renderer uses, each call one element. Pure:
 * no DOM. Texts stay texts (with the width they were measured at, so that another font cannot break the picture), paths
 * stay paths.
 */

/** @typedef {[number, number, number, number, number, number]} Matrix */

const ENTITIES = /** @type {Record<string, string>} */ ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' });

/** Text for XML: escaped, and without what XML 1.0 has no way to say. @param {string} text */
export function escapeXml(text) {
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd').replace(/[&<>"']/g, (sign) => ENTITIES[sign]);
}

/** @param {number} value */
const number = (value) => String(Math.round(value * 100) / 100);

/** A colour as attributes: SVG 1.1 has opacity apart. @param {'fill' | 'stroke'} name @param {string} colour */
function paint(name, colour) {
  const parts = /^rgba\(([^,]+,[^,]+,[^,]+),\s*([\d.]+)\)$/.exec(colour);
  return parts ? ` ${name}="rgb(${parts[1]})" ${name}-opacity="${number(Number(parts[2]))}"` : ` ${name}="${escapeXml(colour)}"`;
}

/** @param {Matrix} matrix */
function transformOf([a, b, c, d, e, f]) {
  if (a === 1 && b === 0 && c === 0 && d === 1) return e === 0 && f === 0 ? '' : ` transform="translate(${number(e)} ${number(f)})"`;
  const fine = (/** @type {number} */ value) => String(Math.round(value * 1e4) / 1e4);
  return ` transform="matrix(${[a, b, c, d].map(fine).join(' ')} ${number(e)} ${number(f)})"`;
}

/** A CSS font as its parts, which more programs read than the shorthand. @param {string} font */
function fontRules(font) {
  const parts = /^(?:(\d+) )?([\d.]+px) (.+)$/.exec(font);
  return parts ? `${parts[1] ? `font-weight:${parts[1]};` : ''}font-size:${parts[2]};font-family:${parts[3]}` : `font:${font}`;
}

/** What `save` keeps. */
class State {
  /** @type {Matrix} */
  matrix = [1, 0, 0, 1, 0, 0];
  fillStyle = '#000';
  strokeStyle = '#000';
  lineWidth = 1;
  lineCap = 'butt';
  lineJoin = 'miter';
  globalAlpha = 1;
  font = '10px sans-serif';
  textAlign = 'left';
  textBaseline = 'alphabetic';
  /** @type {number[]} */
  dash = [];
}

export class SvgContext extends State {
  /** @type {string[]} */
  #out = [];
  #based = false;
  #path = '';
  /** @type {string | null} a path that is one rectangle, as such */
  #only = null;
  /** @type {State[]} */
  #saved = [];
  #measure;
  /** @type {Map<string, string>} a font's attributes -> its class */
  #fonts = new Map();

  /** @param {(text: string, font: string) => number} measure @param {number} width @param {number} height  px */
  constructor(measure, width, height) {
    super();
    this.#measure = measure;
    this.canvas = { width, height };
  }

  save() {
    this.#saved.push(this.#copy(this, new State()));
  }

  restore() {
    const state = this.#saved.pop();
    if (state) this.#copy(state, this);
  }

  /** @template {State} T @param {State} from @param {T} to @returns {T} */
  #copy(from, to) {
    for (const name of /** @type {(keyof State)[]} */ (Object.keys(new State()))) Object.assign(to, { [name]: from[name] });
    return to;
  }

  /** The transform of all that follows, until the next. @param {number} a @param {number} b @param {number} c @param {number} d @param {number} e @param {number} f */
  setTransform(a, b, c, d, e, f) {
    if (this.#based) this.#out.push('</g>');
    this.#based = !(a === 1 && b === 0 && c === 0 && d === 1 && e === 0 && f === 0);
    if (this.#based) this.#out.push(`<g${transformOf([a, b, c, d, e, f])}>`);
    this.matrix = [1, 0, 0, 1, 0, 0];
  }

  /** @param {number} x @param {number} y */
  translate(x, y) {
    this.#times([1, 0, 0, 1, x, y]);
  }

  /** @param {number} x @param {number} y */
  scale(x, y) {
    this.#times([x, 0, 0, y, 0, 0]);
  }

  /** @param {number} angle  radians */
  rotate(angle) {
    this.#times([Math.cos(angle), Math.sin(angle), -Math.sin(angle), Math.cos(angle), 0, 0]);
  }

  /** @param {Matrix} by */
  #times([a, b, c, d, e, f]) {
    const [p, q, r, s, t, u] = this.matrix;
    this.matrix = [p * a + r * b, q * a + s * b, p * c + r * d, q * c + s * d, p * e + r * f + t, q * e + s * f + u];
  }

  /** @param {number[]} dash */
  setLineDash(dash) {
    this.dash = dash;
  }

  /** @param {string} text */
  measureText(text) {
    return { width: this.#measure(text, this.font) };
  }

  beginPath() {
    this.#path = '';
    this.#only = null;
  }

  /** @param {string} step */
  #step(step) {
    this.#path += step;
    this.#only = null;
  }

  closePath() {
    this.#step('Z');
  }

  /** @param {number} x @param {number} y */
  moveTo(x, y) {
    this.#step(`M${number(x)} ${number(y)}`);
  }

  /** @param {number} x @param {number} y */
  lineTo(x, y) {
    this.#step(`${this.#path ? 'L' : 'M'}${number(x)} ${number(y)}`);
  }

  /** @param {number} a @param {number} b @param {number} c @param {number} d @param {number} x @param {number} y */
  bezierCurveTo(a, b, c, d, x, y) {
    this.#step(`C${number(a)} ${number(b)} ${number(c)} ${number(d)} ${number(x)} ${number(y)}`);
  }

  /** @param {number} x @param {number} y @param {number} r @param {number} from @param {number} to @param {boolean} [back] */
  arc(x, y, r, from, to, back = false) {
    const turn = back ? from - to : to - from;
    const at = (/** @type {number} */ angle) => `${number(x + r * Math.cos(angle))} ${number(y + r * Math.sin(angle))}`;
    const sweep = back ? 0 : 1;
    this.#step(`${this.#path && !this.#path.endsWith('Z') ? 'L' : 'M'}${at(from)}`);
    const whole = Math.abs(turn) >= 2 * Math.PI - 1e-6;
    const half = from + (back ? -Math.PI : Math.PI);
    if (whole) this.#step(`A${number(r)} ${number(r)} 0 0 ${sweep} ${at(half)}A${number(r)} ${number(r)} 0 0 ${sweep} ${at(from)}Z`);
    else this.#step(`A${number(r)} ${number(r)} 0 ${((turn % (2 * Math.PI)) + 2 * Math.PI) % (2 * Math.PI) > Math.PI ? 1 : 0} ${sweep} ${at(to)}`);
  }

  /** @param {number} x @param {number} y @param {number} w @param {number} h */
  rect(x, y, w, h) {
    this.roundRect(x, y, w, h, 0);
  }

  /** @param {number} x @param {number} y @param {number} w @param {number} h @param {number | number[]} radii */
  roundRect(x, y, w, h, radii) {
    const given = typeof radii === 'number' ? [radii, radii, radii, radii] : radii;
    // As the canvas does: corners that do not fit shrink together.
    const [a, b, c, d] = given;
    const fit = Math.min(1, w / Math.max(1e-9, a + b), h / Math.max(1e-9, b + c), w / Math.max(1e-9, c + d), h / Math.max(1e-9, d + a));
    const [tl, tr, br, bl] = given.map((r) => r * fit);
    const alone = this.#path === '' && tl === tr && tr === br && br === bl;
    const n = number;
    const corner = (/** @type {number} */ r, /** @type {number} */ dx, /** @type {number} */ dy) => (r > 0 ? `a${n(r)} ${n(r)} 0 0 1 ${n(dx)} ${n(dy)}` : '');
    this.#step(
      `M${n(x + tl)} ${n(y)}H${n(x + w - tr)}${corner(tr, tr, tr)}V${n(y + h - br)}${corner(br, -br, br)}` +
        `H${n(x + bl)}${corner(bl, -bl, -bl)}V${n(y + tl)}${corner(tl, tl, -tl)}Z`,
    );
    if (alone) this.#only = `<rect x="${n(x)}" y="${n(y)}" width="${n(w)}" height="${n(h)}"${tl > 0 ? ` rx="${n(tl)}"` : ''}`;
  }

  fill() {
    this.#shape(`${paint('fill', this.fillStyle)}${this.#alpha()}`);
  }

  stroke() {
    const dash = this.dash.length ? ` stroke-dasharray="${this.dash.map(number).join(' ')}"` : '';
    const cap = this.lineCap === 'butt' ? '' : ` stroke-linecap="${this.lineCap}"`;
    const join = this.lineJoin === 'miter' ? '' : ` stroke-linejoin="${this.lineJoin}"`;
    this.#shape(` fill="none"${paint('stroke', this.strokeStyle)} stroke-width="${number(this.lineWidth)}"${dash}${cap}${join}${this.#alpha()}`);
  }

  /** @param {string} paint */
  #shape(paint) {
    if (this.#path) this.#out.push(`${this.#only ?? `<path d="${this.#path}"`}${this.#placed()}${paint}/>`);
  }

  /** @param {number} x @param {number} y @param {number} w @param {number} h */
  fillRect(x, y, w, h) {
    this.#out.push(
      `<rect x="${number(x)}" y="${number(y)}" width="${number(w)}" height="${number(h)}"${this.#placed()}${paint('fill', this.fillStyle)}${this.#alpha()}/>`,
    );
  }

  /** @param {string} text @param {number} x @param {number} y */
  fillText(text, x, y) {
    if (!text) return;
    const width = this.#measure(text, this.font);
    const left = this.textAlign === 'center' ? x - width / 2 : x;
    // Tools differ in what they know of baselines: each is made an alphabetic one. Middle: half of a lower letter's height.
    const size = parseFloat(/([\d.]+)px/.exec(this.font)?.[1] ?? '10');
    const base = this.textBaseline === 'middle' ? y + size * 0.34 : this.textBaseline === 'bottom' ? y - size * 0.22 : y;
    this.#out.push(
      `<text class="${this.#fontClass()}" x="${number(left)}" y="${number(base)}" textLength="${number(width)}" lengthAdjust="spacingAndGlyphs"` +
        `${this.#placed()}${paint('fill', this.fillStyle)}${this.#alpha()}>${escapeXml(text)}</text>`,
    );
  }

  #fontClass() {
    let name = this.#fonts.get(this.font);
    if (!name) this.#fonts.set(this.font, (name = `f${this.#fonts.size}`));
    return name;
  }

  #alpha() {
    return this.globalAlpha === 1 ? '' : ` opacity="${number(this.globalAlpha)}"`;
  }

  #placed() {
    return transformOf(this.matrix);
  }

  /** What follows belongs together and has a name that a reader shows or reads out. @param {string} title */
  openGroup(title) {
    this.#out.push(`<g><title>${escapeXml(title)}</title>`);
  }

  closeGroup() {
    this.#out.push('</g>');
  }

  /** The finished picture. @param {string} title */
  document(title) {
    const { width, height } = this.canvas;
    const fonts = [...this.#fonts].map(([font, name]) => `.${name}{${fontRules(font)};white-space:pre}`).join('');
    const size = [width, height].map(number);
    return (
      `<?xml version="1.0" encoding="UTF-8"?>\n<svg xmlns="http://www.w3.org/2000/svg" width="${size[0]}" height="${size[1]}" ` +
      `viewBox="0 0 ${size.join(' ')}" role="img" aria-label="${escapeXml(title)}">\n<title>${escapeXml(title)}</title>\n` +
      `<style>${escapeXml(fonts).replaceAll('&quot;', '"').replaceAll('&#39;', "'")}</style>\n${this.#out.join('\n')}\n` +
      `${this.#based ? '</g>\n' : ''}</svg>\n`
    );
  }
}
