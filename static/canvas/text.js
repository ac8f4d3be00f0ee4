/** Widths of texts, measured once each, and texts cut to a width. */

/** @typedef {(text: string, font: string) => number} Measure */

export class TextMeter {
  /** @type {Map<string, Map<string, number>>} */
  #widths = new Map();
  /** @type {Measure} */
  #measure;

  /** @param {Measure} measure */
  constructor(measure) {
    this.#measure = measure;
  }

  /** @param {string} text @param {string} font */
  width(text, font) {
    let known = this.#widths.get(font);
    if (!known) this.#widths.set(font, (known = new Map()));
    let width = known.get(text);
    if (width === undefined) {
      if (known.size > 50_000) known.clear();
      width = this.#measure(text, font);
      known.set(text, width);
    }
    return width;
  }

  /**
   * The text, or as much of its start and end as fits: layer names differ at their ends.
   * @param {string} text @param {string} font @param {number} room
   */
  cut(text, font, room) {
    if (room <= 0) return '';
    if (this.width(text, font) <= room) return text;
    let low = 0;
    let high = text.length - 1;
    while (low < high) {
      const keep = Math.ceil((low + high) / 2);
      if (this.#measure(shorten(text, keep), font) <= room) low = keep;
      else high = keep - 1;
    }
    return low === 0 ? '' : shorten(text, low);
  }
}

/** @param {string} text @param {number} keep */
function shorten(text, keep) {
  const head = Math.ceil(keep * 0.5);
  return `${text.slice(0, head)}…${keep > head ? text.slice(text.length - (keep - head)) : ''}`;
}

/** @param {CanvasRenderingContext2D} context @returns {Measure} */
export function canvasMeasure(context) {
  let current = '';
  return (text, font) => {
    if (font !== current) context.font = current = font;
    return context.measureText(text).width;
  };
}
