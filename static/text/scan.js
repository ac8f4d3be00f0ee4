/** Prototxt read character by character, as far as an editor needs it: brackets, the messages around a place, words. Pure functions. */

const NAME = /[A-Za-z_]/;
const WORD = /[\w.]/;

/**
 * Walks over text outside of comments and strings.
 * @param {string} text @param {number} from @param {number} to
 * @param {(char: string, at: number) => boolean | void} visit  true stops
 * @returns {'code' | 'comment' | 'string'} in what the walk ended
 */
export function walk(text, from, to, visit) {
  let at = from;
  while (at < to) {
    const char = text[at] ?? '';
    if (char === '#') {
      const end = text.indexOf('\n', at);
      if (end < 0 || end >= to) return 'comment';
      at = end;
    } else if (char === '"' || char === "'") {
      if (visit(char, at)) return 'code';
      at += 1;
      while (at < to && text[at] !== char && text[at] !== '\n') at += text[at] === '\\' ? 2 : 1;
      if (at >= to) return 'string';
    } else if (visit(char, at)) return 'code';
    at += 1;
  }
  return 'code';
}

/** @param {string} text @param {number} open where a bracket opens @param {number} [limit] how far to look @returns {number} where it closes, or -1 */
export function closing(text, open, limit = 200_000) {
  let depth = 0;
  let found = -1;
  walk(text, open, Math.min(text.length, open + limit), (char, at) => {
    if (char === '{' || char === '<') depth += 1;
    else if (char === '}' || char === '>') depth -= 1;
    if (depth === 0) found = at;
    return depth === 0;
  });
  return found;
}

/** @param {string} line @returns {number} the first bracket in a line that the line does not close, or -1 */
export function openBracket(line) {
  /** @type {number[]} */
  const open = [];
  walk(line, 0, line.length, (char, at) => {
    if (char === '{' || char === '<') open.push(at);
    else if (char === '}' || char === '>') open.pop();
  });
  return open[0] ?? -1;
}

/**
 * @typedef {object} Context  where a place in a text is
 * @property {string[]} path  the fields whose messages it is in, from the outside
 * @property {string | null} field  the field whose value stands here; null where a field's name does
 * @property {string} type  the type that the innermost layer around has named before this place
 * @property {'code' | 'comment' | 'string'} in
 */

/** @param {string} text @param {number} at @returns {Context} */
export function contextAt(text, at) {
  /** @type {{name: string, type: string}[]} */
  const open = [];
  let name = ''; // the last name seen
  let colon = false; // it was followed by a colon
  let row = false; // between [ and ]
  let valued = false; // a value has begun after the colon
  /** @type {string | null} */
  let quotedType = null;
  let skip = -1;
  const settled = walk(text, 0, at, (char, place) => {
    if (place < skip) return;
    if (char === '{' || char === '<') {
      open.push({ name, type: '' });
      [name, colon, valued] = ['', false, false];
    } else if (char === '}' || char === '>') {
      open.pop();
      [name, colon, valued, row] = ['', false, false, false];
    } else if (char === ':') [colon, valued] = [true, false];
    else if (char === '[') row = true;
    else if (char === ']') [row, valued] = [false, true];
    else if (char === ',' || char === ';') valued = !row;
    else if (char === '"' || char === "'") {
      if (name === 'type' && colon) quotedType = /^[^"'\n]*/.exec(text.slice(place + 1, place + 80))?.[0] ?? '';
      if (quotedType !== null && text[place + 1 + quotedType.length] === char && place + quotedType.length + 1 < at) {
        const layer = open.at(-1);
        if (layer) layer.type = quotedType;
      }
      quotedType = null;
      valued = true;
    } else if (NAME.test(char) || /[\d.+-]/.test(char)) {
      let end = place;
      while (end < text.length && WORD.test(text[end] ?? '')) end += 1;
      skip = Math.max(end, place + 1);
      if (end >= at && skip >= at) return; // the word that one is in
      if (colon && !valued) valued = true;
      else if (!row) [name, colon, valued] = [text.slice(place, end), false, false];
    }
  });
  const value = colon && (settled === 'string' || !valued || row);
  const layer = open.findLast((message) => message.name === 'layer' || message.name === 'layers');
  return {
    path: open.map((message) => message.name),
    field: value ? name : null,
    type: layer?.type ?? '',
    in: settled,
  };
}

/** @param {string} text @param {number} at @returns {{from: number, to: number, word: string} | null} the word around a place */
export function wordAt(text, at) {
  let [from, to] = [at, at];
  while (from > 0 && /\w/.test(text[from - 1] ?? '')) from -= 1;
  while (to < text.length && /\w/.test(text[to] ?? '')) to += 1;
  return from < to ? { from, to, word: text.slice(from, to) } : null;
}
