/** Completion and hover texts for CodeMirror, from what is known about prototxt. */

/** @import {Knowledge} from "./knowledge.js" */
/** @import {EditorState} from "../vendor/codemirror.js" */

import { autocompletion, hoverTooltip, snippetCompletion } from '../vendor/codemirror.js';
import { explain, proposals } from './knowledge.js';
import { contextAt, wordAt } from './scan.js';
import { layerStart, quotedAround } from './symbols.js';

const ICONS = { field: 'property', message: 'class', value: 'enum', type: 'type', blob: 'variable' };

/** What a place is in, read from where its layer begins. @param {EditorState['doc']} doc @param {number} at */
function here(doc, at) {
  const start = layerStart(doc, at);
  return contextAt(doc.sliceString(start, at + 200), at - start);
}

/** @param {() => Knowledge | null} knowledge */
export function completion(knowledge) {
  return autocompletion({
    icons: false,
    override: [
      (place) => {
        const known = knowledge();
        if (!known) return null;
        const { doc } = place.state;
        const context = here(doc, place.pos);
        const quoted = context.in === 'string';
        const typed = place.matchBefore(quoted ? /[^"'\s]*/ : /\w*/);
        const from = typed?.from ?? place.pos;
        if (from === place.pos && !place.explicit && !quoted && context.field === null) return null;
        const options = proposals(known, context, quoted, doc.lineAt(place.pos).number).map((found) => {
          const about = {
            label: found.label,
            detail: found.detail,
            info: found.doc || undefined,
            type: ICONS[found.kind],
            boost: found.boost,
          };
          return found.apply.includes('${}')
            ? snippetCompletion(found.apply, about)
            : { ...about, apply: found.apply };
        });
        return options.length ? { from, options, validFor: quoted ? /^[^"'\s]*$/ : /^\w*$/ } : null;
      },
    ],
  });
}

/** @param {() => Knowledge | null} knowledge */
export function documentation(knowledge) {
  return hoverTooltip((view, at) => {
    const known = knowledge();
    const { doc } = view.state;
    const { from: start, text, number } = doc.lineAt(at);
    const quoted = quotedAround(text, at - start);
    const found = quoted ? { ...quoted, word: text.slice(quoted.from, quoted.to) } : wordAt(text, at - start);
    if (!known || !found) return null;
    const said = explain(known, here(doc, start + found.from), found.word, number);
    if (!said) return null;
    return {
      pos: start + found.from,
      end: start + found.to,
      above: true,
      create: () => {
        const dom = document.createElement('div');
        dom.className = 'ng-doc';
        const [title, detail, doc] = ['b', 'span', 'p'].map((tag) => document.createElement(tag));
        if (title && detail && doc) {
          title.textContent = said.title;
          detail.textContent = ` ${said.detail}`;
          doc.textContent = said.doc;
          dom.append(title, detail, ...(said.doc ? [doc] : []));
        }
        return { dom };
      },
    };
  });
}
