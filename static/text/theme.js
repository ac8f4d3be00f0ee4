/** How the text looks: the page's own colours, so that light and dark follow by themselves. */

import { EditorView, HighlightStyle, syntaxHighlighting, tags } from '../vendor/codemirror.js';

const mono = 'var(--ng-font-mono)';
const raised = {
  border: '1px solid var(--ng-border)',
  borderRadius: 'var(--ng-radius)',
  background: 'var(--ng-raised)',
  color: 'var(--ng-text)',
  boxShadow: '0 4px 16px var(--ng-shadow)',
};
const field = {
  minHeight: '26px',
  padding: '0 8px',
  border: '1px solid var(--ng-border-strong)',
  borderRadius: 'var(--ng-radius-small)',
  background: 'var(--ng-raised)',
  color: 'var(--ng-text)',
  fontSize: 'var(--ng-size-2)',
};
const underline = (/** @type {string} */ colour) => ({
  backgroundImage: 'none',
  textDecoration: `underline wavy ${colour} 1px`,
  textUnderlineOffset: '3px',
  textDecorationSkipInk: 'none',
});

const look = EditorView.theme({
  '&': { height: '100%', color: 'var(--ng-text)', background: 'var(--ng-surface)', fontSize: 'var(--ng-size-2)' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: mono, lineHeight: '18px' },
  '.cm-content': { padding: '4px 0 40px', caretColor: 'var(--ng-text)' },
  '.cm-line': { padding: '0 12px 0 6px' },
  '.cm-gutters': { border: 'none', background: 'var(--ng-surface)', color: 'var(--ng-text-muted)' },
  '.cm-lineNumbers .cm-gutterElement': { minWidth: '34px', padding: '0 4px 0 10px' },
  '.cm-gutter-lint': { width: '16px' },
  '.cm-gutter-lint .cm-gutterElement': { padding: '3px 2px' },
  '.cm-lint-marker': { width: '12px', height: '12px' },
  '.cm-foldGutter .cm-gutterElement': { padding: '0 2px', cursor: 'pointer' },
  '.cm-activeLine': { background: 'color-mix(in srgb, var(--ng-hover) 60%, transparent)' },
  '.cm-activeLineGutter': { background: 'none' },
  '.cm-line.ng-selected': { background: 'var(--ng-accent-soft)' },
  '.cm-line.ng-selected.ng-first': { boxShadow: 'inset 3px 0 var(--ng-accent)' },
  '.cm-line.ng-selected:not(.ng-first)': { boxShadow: 'inset 3px 0 var(--ng-accent)' },
  '&.cm-focused .cm-matchingBracket, .cm-matchingBracket': {
    background: 'none',
    outline: '1px solid var(--ng-border-strong)',
    borderRadius: '2px',
  },
  '&.cm-focused .cm-nonmatchingBracket, .cm-nonmatchingBracket': { background: 'none', color: 'var(--ng-error)' },
  '.cm-selectionMatch': { background: 'color-mix(in srgb, var(--ng-focus) 18%, transparent)' },
  '.cm-searchMatch': { background: 'color-mix(in srgb, var(--ng-warning) 30%, transparent)' },
  '.cm-searchMatch-selected': { background: 'color-mix(in srgb, var(--ng-warning) 55%, transparent)' },
  '.cm-foldPlaceholder': {
    margin: '0 3px',
    padding: '0 5px',
    border: '1px solid var(--ng-border)',
    background: 'var(--ng-raised)',
    color: 'var(--ng-text-muted)',
  },
  '.cm-tooltip': raised,
  '.cm-tooltip.cm-tooltip-autocomplete > ul': { fontFamily: mono, fontSize: 'var(--ng-size-2)', maxHeight: '200px' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { padding: '2px 8px' },
  '.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    background: 'var(--ng-accent-soft)',
    color: 'var(--ng-text)',
  },
  '.cm-completionMatchedText': { textDecoration: 'none', color: 'var(--ng-accent)', fontWeight: '600' },
  '.cm-completionDetail': { color: 'var(--ng-text-muted)', fontStyle: 'normal' },
  '.cm-tooltip.cm-completionInfo': { padding: '6px 10px', maxWidth: '280px', fontFamily: 'var(--ng-font)' },
  '.cm-tooltip-lint': { padding: '0', maxWidth: '560px', fontFamily: 'var(--ng-font)' },
  '.cm-diagnostic': { padding: '6px 10px', whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' },
  '.cm-diagnostic-error': { borderInlineStart: '3px solid var(--ng-error)' },
  '.cm-diagnostic-warning': { borderInlineStart: '3px solid var(--ng-warning)' },
  '.cm-diagnostic-info': { borderInlineStart: '3px solid var(--ng-info)' },
  '.cm-diagnosticText': { display: 'block' },
  '.cm-diagnosticAction': {
    margin: '4px 6px 0 0',
    padding: '3px 8px',
    border: '1px solid var(--ng-border)',
    borderRadius: 'var(--ng-radius-small)',
    background: 'var(--ng-raised)',
    color: 'var(--ng-text)',
    font: 'inherit',
    cursor: 'pointer',
  },
  '.cm-diagnosticSource': { color: 'var(--ng-text-muted)', fontFamily: mono, fontSize: 'var(--ng-size-1)', opacity: '1' },
  '.cm-lintRange-error': underline('var(--ng-error)'),
  '.cm-lintRange-warning': underline('var(--ng-warning)'),
  '.cm-lintRange-info': underline('var(--ng-info)'),
  '.cm-lintRange-active': { background: 'none' },
  '.cm-panels': { background: 'var(--ng-surface)', color: 'var(--ng-text)' },
  '.cm-panels-top': { borderBottom: '1px solid var(--ng-border)' },
  '.cm-panel.cm-search': { padding: '6px 28px 6px 10px', fontFamily: 'var(--ng-font)' },
  '.cm-panel.cm-search label': { fontSize: 'var(--ng-size-2)' },
  '.cm-textfield': field,
  '.cm-textfield:focus-visible, .cm-button:focus-visible': { outline: '2px solid var(--ng-focus)', outlineOffset: '1px' },
  '.cm-button': { ...field, backgroundImage: 'none', borderColor: 'var(--ng-border)', cursor: 'pointer' },
  '.cm-panel.cm-search [name=close]': { color: 'var(--ng-text-muted)', fontSize: '16px' },
  '.ng-doc': { maxWidth: '340px', padding: '6px 10px', fontFamily: 'var(--ng-font)', lineHeight: '1.4' },
  '.ng-doc b': { fontFamily: mono },
  '.ng-doc span': { color: 'var(--ng-text-muted)', fontSize: 'var(--ng-size-2)' },
  '.ng-doc p': { margin: '2px 0 0' },
});

const colours = HighlightStyle.define([
  { tag: tags.comment, color: 'var(--ng-text-muted)', fontStyle: 'italic' },
  { tag: tags.string, color: 'var(--ng-ok)' },
  { tag: tags.propertyName, color: 'var(--ng-text)' },
  { tag: tags.number, color: 'var(--ng-info)' },
  { tag: tags.bool, color: 'var(--ng-warning)' },
  { tag: tags.atom, color: 'var(--ng-warning)' },
  { tag: tags.bracket, color: 'var(--ng-text-muted)' },
]);

export const theme = [look, syntaxHighlighting(colours)];
