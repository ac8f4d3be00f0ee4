// Bundles third-party code into ES modules that the pages import by relative path (no import map, no CDN).
//   node tools/bundle.mjs [OUT]        OUT defaults to ../vendor, beside this folder
// Each entry also gets a .d.ts that re-exports the package's own types, so that tsc checks our code against them.
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(here);
const out = resolve(process.argv[2] ?? join(root, 'vendor'));

/** What stands in each vendor module: TypeScript that is both the bundle's entry and its declaration. */
const modules = {
  codemirror: [
    "export { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap, snippetCompletion, startCompletion } from '@codemirror/autocomplete';",
    "export { defaultKeymap, history, redo, redoDepth, undo, undoDepth } from '@codemirror/commands';",
    "export { HighlightStyle, StreamLanguage, bracketMatching, codeFolding, foldGutter, foldKeymap, foldService, indentOnInput, indentUnit, syntaxHighlighting } from '@codemirror/language';",
    "export { lintGutter, lintKeymap, setDiagnostics } from '@codemirror/lint';",
    "export { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search';",
    "export { Annotation, EditorSelection, EditorState, RangeSet, StateEffect, StateField, Transaction } from '@codemirror/state';",
    "export { Decoration, EditorView, highlightActiveLine, hoverTooltip, keymap, lineNumbers, placeholder } from '@codemirror/view';",
    "export { tags } from '@lezer/highlight';",
  ],
  lit: [
    "export * from 'lit';",
    "export { cache } from 'lit/directives/cache.js';",
    "export { classMap } from 'lit/directives/class-map.js';",
    "export { guard } from 'lit/directives/guard.js';",
    "export { ifDefined } from 'lit/directives/if-defined.js';",
    "export { keyed } from 'lit/directives/keyed.js';",
    "export { live } from 'lit/directives/live.js';",
    "export { createRef, ref } from 'lit/directives/ref.js';",
    "export { repeat } from 'lit/directives/repeat.js';",
    "export { styleMap } from 'lit/directives/style-map.js';",
    "export { when } from 'lit/directives/when.js';",
  ],
  rbush: ["export { default } from 'rbush';"],
  tus: ["export { Upload, DetailedError } from 'tus-js-client';"],
};

/**
 * The licences of every package that a bundle took code from.
 * @param {Iterable<string>} inputs files that went into the bundles, relative to the root
 * @returns {Promise<string>}
 */
async function licences(inputs) {
  const packages = new Set();
  for (const input of inputs) {
    const match = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input);
    if (match) packages.add(match[1]);
  }
  const parts = [];
  for (const folder of [...packages].sort()) {
    const about = JSON.parse(await readFile(join(root, folder, 'package.json'), 'utf8'));
    const file = (await readdir(join(root, folder))).find((name) => /^licen[cs]e/i.test(name));
    const text = file ? await readFile(join(root, folder, file), 'utf8') : '';
    parts.push(`${about.name} ${about.version} (${about.license})\n\n${text.trim()}\n`);
  }
  return parts.join(`\n${'-'.repeat(80)}\n\n`);
}

await mkdir(out, { recursive: true });
const inputs = new Set();
for (const [name, lines] of Object.entries(modules)) {
  const source = lines.join('\n') + '\n';
  const result = await build({
    stdin: { contents: source, resolveDir: root, sourcefile: `${name}.js` },
    outfile: join(out, `${name}.js`),
    absWorkingDir: root,
    bundle: true,
    format: 'esm',
    minify: true,
    target: 'es2022',
    legalComments: 'none', // LICENSES.txt holds them, in full
    metafile: true,
  });
  for (const input of Object.keys(result.metafile.inputs)) inputs.add(input);
  await writeFile(join(out, `${name}.d.ts`), source);
}
await writeFile(join(out, 'LICENSES.txt'), await licences(inputs));
