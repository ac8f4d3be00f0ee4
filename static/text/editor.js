/**
 * The text editor itself: CodeMirror in a shadow root of its own, where it may adopt style sheets without loosening
 * the page's content security policy. Loaded when the text is first shown.
 */

/** @import {Knowledge} from "./knowledge.js" */
/** @import {Change} from "./merge.js" */

import {
  Annotation,
  Decoration,
  EditorState,
  EditorView,
  StateEffect,
  StateField,
  Transaction,
  bracketMatching,
  closeBrackets,
  closeBracketsKeymap,
  codeFolding,
  completionKeymap,
  defaultKeymap,
  foldGutter,
  foldKeymap,
  highlightActiveLine,
  highlightSelectionMatches,
  history,
  indentOnInput,
  indentUnit,
  keymap,
  lineNumbers,
  lintGutter,
  lintKeymap,
  redo,
  search,
  searchKeymap,
  setDiagnostics,
  undo,
} from '../vendor/codemirror.js';
import { text } from '../messages/text.js';
import { completion, documentation } from './assist.js';
import { folding, prototxt } from './language.js';
import { layerStart, leadsTo, symbolAt } from './symbols.js';
import { changesBetween } from './merge.js';
import { theme } from './theme.js';

/** @typedef {{line: number, column: number | null, endLine: number | null, endColumn: number | null, severity: 'error' | 'warning' | 'info', message: string, source?: string, actions: {name: string, run: () => void}[]}} Finding  1-based, columns count characters */

/**
 * @typedef {object} Owner
 * @property {string} label
 * @property {() => Knowledge | null} knowledge
 * @property {() => void} changed  something was typed
 * @property {(line: number) => void} moved  the cursor went somewhere
 * @property {() => boolean} unsaved  whether there is something that the document does not know yet
 * @property {(which: 'undo' | 'redo') => void} step  of the document's history
 * @property {() => void} left  the focus went elsewhere
 * @property {(symbol: import("./symbols.js").Symbol, line: number) => void} rename  asks for another name
 */

const FromOutside = Annotation.define();
/** @type {ReturnType<typeof StateEffect.define<ReturnType<typeof Decoration.set>>>} */
const setMarks = StateEffect.define();

const marks = StateField.define({
  create: () => Decoration.none,
  update(now, transaction) {
    let next = now.map(transaction.changes);
    for (const effect of transaction.effects) if (effect.is(setMarks)) next = effect.value;
    return next;
  },
  provide: (field) => EditorView.decorations.from(field),
});
const marked = Decoration.line({ class: 'ng-selected' });

export class TextEditor {
  /** @param {HTMLElement} host @param {Owner} owner */
  constructor(host, owner) {
    this.owner = owner;
    const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' });
    this.view = new EditorView({ root, parent: root });
  }

  /** A text to begin with. @param {string} doc @param {{readOnly: boolean}} options */
  begin(doc, { readOnly }) {
    this.view.setState(EditorState.create({ doc, extensions: this.#extensions(readOnly, /\r(?!\n)|[^\r]\n/.test(doc) && doc.includes('\r')) }));
  }

  /** @param {boolean} readOnly @param {boolean} keepReturns  where line ends are mixed, a return is a character like others */
  #extensions(readOnly, keepReturns) {
    const { owner } = this;
    const step = (/** @type {'undo' | 'redo'} */ which) => (/** @type {EditorView} */ view) => {
      if (owner.unsaved()) return which === 'undo' ? undo(view) : redo(view);
      owner.step(which);
      return true;
    };
    return [
      keepReturns ? EditorState.lineSeparator.of('\n') : [],
      EditorState.readOnly.of(readOnly),
      EditorState.tabSize.of(2),
      indentUnit.of('  '),
      lintGutter(),
      lineNumbers(),
      foldGutter({ openText: '⌄', closedText: '›' }),
      codeFolding(),
      history(),
      prototxt,
      folding,
      indentOnInput(),
      bracketMatching(),
      closeBrackets(),
      completion(owner.knowledge),
      documentation(owner.knowledge),
      highlightActiveLine(),
      highlightSelectionMatches(),
      search({ top: true }),
      EditorState.phrases.of(text.search),
      marks,
      theme,
      EditorView.contentAttributes.of({ 'aria-label': owner.label, spellcheck: 'false', tabindex: '0' }),
      keymap.of([
        { key: 'Mod-z', run: step('undo'), preventDefault: true },
        { key: 'Mod-Shift-z', run: step('redo'), preventDefault: true },
        { key: 'Mod-y', run: step('redo'), preventDefault: true },
        { key: 'F12', run: (view) => this.#follow(view.state.selection.main.head), preventDefault: true },
        { key: 'F2', run: (view) => this.#rename(view.state.selection.main.head), preventDefault: true },
        ...closeBracketsKeymap,
        ...completionKeymap,
        ...searchKeymap.filter(({ key }) => key !== 'Mod-d'), // Ctrl+D duplicates, here too
        ...foldKeymap,
        ...lintKeymap,
        ...defaultKeymap,
      ]),
      EditorView.updateListener.of((update) => {
        const outside = update.transactions.some((transaction) => transaction.annotation(FromOutside));
        if (update.docChanged && !outside) owner.changed();
        else if (update.selectionSet && !outside && update.transactions.some((one) => one.isUserEvent('select'))) {
          owner.moved(update.state.doc.lineAt(update.state.selection.main.head).number);
        }
      }),
      EditorView.domEventHandlers({
        blur: () => owner.left(),
        mousedown: (event, view) => {
          const at = event.ctrlKey || event.metaKey ? view.posAtCoords({ x: event.clientX, y: event.clientY }) : null;
          return at !== null && event.button === 0 && this.#follow(at);
        },
      }),
    ];
  }

  /** @param {number} at */
  #symbol(at) {
    const { doc } = this.view.state;
    const start = layerStart(doc, at);
    const found = symbolAt(doc.sliceString(start, at + 1000), at - start);
    return found && { ...found, from: start + found.from, to: start + found.to };
  }

  /** From a name to where it is made or used. @param {number} at @returns {boolean} whether a name stands there */
  #follow(at) {
    const symbol = this.#symbol(at);
    if (!symbol) return false;
    const { doc } = this.view.state;
    const to = leadsTo(doc.toString(), symbol, layerStart(doc, at));
    if (to === null) return false;
    this.view.dispatch({
      selection: { anchor: to, head: to + symbol.name.length },
      effects: EditorView.scrollIntoView(to, { y: 'center' }),
      userEvent: 'select',
    });
    this.view.focus();
    return true;
  }

  /** @param {number} at */
  #rename(at) {
    const symbol = this.#symbol(at);
    if (symbol && !this.view.state.readOnly) this.owner.rename(symbol, this.view.state.doc.lineAt(at).number);
    return symbol !== null;
  }

  /** The text with the line ends that CodeMirror counts as one. */
  get text() {
    return this.view.state.sliceDoc();
  }

  get line() {
    const { state } = this.view;
    return state.doc.lineAt(state.selection.main.head).number;
  }

  get focused() {
    return this.view.hasFocus;
  }

  /** Another text in place of what is there; what they have in common stays, and the cursor and the folds with it. @param {string} text @param {{typed?: boolean}} [options] */
  replace(text, options) {
    this.change(changesBetween(this.text, text), options);
  }

  /** @param {readonly Change[]} changes @param {{typed?: boolean}} [options] whether they count as typed here */
  change(changes, { typed = false } = {}) {
    if (!changes.length) return;
    this.view.dispatch({
      changes,
      annotations: typed ? [] : [FromOutside.of(true), Transaction.addToHistory.of(false)],
    });
  }

  /** @param {readonly {from: number, to: number}[]} ranges  lines, 1-based, both within */
  mark(ranges) {
    const { doc } = this.view.state;
    const lines = new Set(
      ranges.flatMap(({ from, to }) => {
        const last = Math.min(to, doc.lines);
        return from <= last ? Array.from({ length: last - from + 1 }, (_, index) => from + index) : [];
      }),
    );
    const places = [...lines].sort((a, b) => a - b).map((line) => marked.range(doc.line(line).from));
    this.view.dispatch({ effects: setMarks.of(Decoration.set(places)) });
  }

  /** @param {readonly Finding[]} findings */
  find(findings) {
    const { doc } = this.view.state;
    const place = (/** @type {number} */ line, /** @type {number | null} */ column) => {
      const there = doc.line(Math.min(Math.max(line, 1), doc.lines));
      if (column === null) return there.from;
      const before = [...there.text].slice(0, column - 1).join('').length;
      return there.from + before;
    };
    const diagnostics = findings.map(({ line, column, endLine, endColumn, severity, message, source, actions }) => {
      const from = place(line, column);
      const end = endLine ? place(endLine, endColumn) : from;
      const stop = doc.lineAt(from).to;
      return {
        from,
        // a whole layer underlined would shout: its first line is enough
        to: Math.max(Math.min(end, stop), Math.min(from + 1, stop)),
        severity,
        message,
        source,
        actions: actions.map(({ name, run }) => ({ name, apply: run })),
      };
    });
    diagnostics.sort((a, b) => a.from - b.from);
    this.view.dispatch(setDiagnostics(this.view.state, diagnostics));
  }

  /** Brings a line into view, near the top. @param {number} line @param {{focus?: boolean}} [options] */
  reveal(line, { focus = false } = {}) {
    const { doc } = this.view.state;
    const at = doc.line(Math.min(Math.max(line, 1), doc.lines)).from;
    this.view.dispatch({
      effects: EditorView.scrollIntoView(at, { y: 'start', yMargin: 24 }),
      ...(focus ? { selection: { anchor: at } } : {}),
      annotations: FromOutside.of(true),
    });
    if (focus) this.view.focus();
  }

  destroy() {
    this.view.destroy();
  }
}
