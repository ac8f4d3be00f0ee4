/** Prototxt for CodeMirror: what is lit how, and what folds. */

import { StreamLanguage, foldService } from '../vendor/codemirror.js';
import { closing, openBracket } from './scan.js';

/** @typedef {{depth: number}} State  how many brackets are open */

export const prototxt = StreamLanguage.define({
  name: 'prototxt',
  /** @returns {State} */
  startState: () => ({ depth: 0 }),
  token(stream, state) {
    if (stream.eatSpace()) return null;
    if (stream.match(/^#.*/)) return 'comment';
    if (stream.match(/^"(?:[^"\\]|\\.)*"?/) || stream.match(/^'(?:[^'\\]|\\.)*'?/)) return 'string';
    if (stream.match(/^[-+]?(?:0x[\da-f]+|(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?f?)/i)) {
      return 'number';
    }
    if (stream.match(/^[{<]/)) {
      state.depth += 1;
      return 'bracket';
    }
    if (stream.match(/^[}>]/)) {
      state.depth -= 1;
      return 'bracket';
    }
    if (stream.match(/^[[\]]/)) return 'bracket';
    if (stream.match(/^[A-Za-z_][\w.]*(?=\s*[:{<])/)) return 'propertyName';
    if (stream.match(/^-?(?:true|false|inf|nan)\b/)) return 'bool';
    if (stream.match(/^[A-Za-z_][\w.]*/)) return 'atom';
    stream.next();
    return null;
  },
  languageData: {
    commentTokens: { line: '#' },
    closeBrackets: { brackets: ['{', '[', '"'] },
    indentOnInput: /^\s*[}>]$/,
  },
  indent: (state, after, { unit }) => Math.max(0, state.depth - (/^\s*[}>]/.test(after) ? 1 : 0)) * unit,
});

/** A line that opens a bracket folds down to where it closes. */
export const folding = foldService.of((state, from, to) => {
  const line = state.sliceDoc(from, to);
  const open = openBracket(line);
  if (open < 0) return null;
  const rest = state.sliceDoc(from + open, Math.min(state.doc.length, from + open + 50_000));
  const close = closing(rest, 0);
  return close > 0 && from + open + close > to ? { from: from + open + 1, to: from + open + close } : null;
});
