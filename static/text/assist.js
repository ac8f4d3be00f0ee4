/** Completion and hover texts for CodeMirror, from what is known about prototxt. */

/** @import {Knowledge} from "./knowledge.js" */

import { autocompletion, hoverTooltip, snippetCompletion } from '../vendor/codemirror.js';
import { explain, proposals } from './knowledge.js';
import { contextAt, wordAt } from './scan.js';

const ICONS = { field: 'property', message: 'class', value: 'enum', type: 'type', blob: 'variable' };

/** @param {() => Knowledge | null} knowledge */
export function completion(knowledge) {
  return autocompletion({
    icons: false,
    override: [
      (place) => {
        const known = knowledge();
        if (!known) return null;
        const text = place.state.doc.toString();
        const context = contextAt(text, place.pos);
        const quoted = context.in === 'string';
        const typed = place.matchBefore(quoted ? /[^"'\s]*/ : /\w*/);
        const from = typed?.from ?? place.pos;
        if (from === place.pos && !place.explicit && !quoted && context.field === null) return null;
        const options = proposals(known, context, quoted).map((found) => {
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
    const text = view.state.doc.toString();
    const found = wordAt(text, at);
    if (!known || !found) return null;
    const said = explain(known, contextAt(text, found.from), found.word);
    if (!said) return null;
    return {
      pos: found.from,
      end: found.to,
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
