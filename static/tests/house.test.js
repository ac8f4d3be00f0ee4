import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const STATIC = fileURLToPath(new URL('..', import.meta.url));
const NOT_OURS = new Set(['node_modules', 'vendor', 'built']);

/** @param {string} folder @param {string} ending @returns {string[]} */
function filesIn(folder, ending) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return NOT_OURS.has(entry.name) ? [] : filesIn(path, ending);
    return path.endsWith(ending) ? [path] : [];
  });
}

const sources = new Map([...filesIn(STATIC, '.js'), ...filesIn(STATIC, '.mjs'), ...filesIn(join(STATIC, '../tests/static'), '.js')].map((path) => [relative(STATIC, path), readFileSync(path, 'utf8')]));
const modules = new Map([...sources].filter(([path]) => !/^(tests|tools|\.\.)\//.test(path)));
const isMessages = (/** @type {string} */ path) => /^messages\/|messages\.js$/.test(path);

/** Words as people read them: not a class, a selector or a command. */
const PROSE = /[A-Za-z][a-z]+ [a-z]{2,}|^[A-Z][a-z]{3,}( …)?$|\w …/;
/** What is no text for people: names of the format and of the browser's interfaces, and the product's own. */
const NAMES = /^(Netgraft|Enter|Escape|Delete|Insert|Home|Left|Right|Down|Backspace|Files|Open|True|Period|lr_mult|decay_mult)$/;
/** Modules that hold names of Caffe's, or style rules. */
const TYPES = /^(model\/(palette|cards|name-groups)|api\/solver-text|text\/theme)\.js$/;

/** @param {string} path @param {string} source @returns {string[]} what stands there in words for people */
function proseIn(path, source) {
  /** @type {string[]} */
  const found = [];
  const tree = ts.createSourceFile(path, source, ts.ScriptTarget.Latest, true, ts.ScriptKind.JS);
  /** @param {string} text @param {ts.Node} node */
  const say = (text, node) => found.push(`${path}:${tree.getLineAndCharacterOfPosition(node.getStart()).line + 1}: ${text.trim()}`);
  /** @param {ts.Node} node */
  const walk = (node) => {
    if (ts.isTaggedTemplateExpression(node) && /^(html|svg)$/.test(node.tag.getText())) {
      const { template } = node;
      const parts = ts.isNoSubstitutionTemplateLiteral(template) ? [template.text] : [template.head.text, ...template.templateSpans.map(({ literal }) => literal.text)];
      const markup = parts.join('\u0000');
      const visible = markup.replace(/<!--.*?-->/gs, '').replace(/<[^>]*>/g, ' ');
      for (const words of visible.split(/[\u0000\n]| {2,}/)) if (/[A-Za-z]{2,}/.test(words) && !NAMES.test(words.trim())) say(words, node);
      for (const [, , words] of markup.matchAll(/\s(title|aria-label|placeholder|alt)=["']?([^"'\u0000>]*[A-Za-z]{2,}[^"'\u0000>]*)/g)) say(words ?? '', node);
      if (!ts.isNoSubstitutionTemplateLiteral(template)) for (const { expression } of template.templateSpans) walk(expression);
      return;
    }
    if ((ts.isNewExpression(node) && /Error$/.test(node.expression.getText())) || (ts.isCallExpression(node) && /^console\.|querySelector|\.find$|closest$|matches$|matchMedia/.test(node.expression.getText()))) return;
    if ((ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) && PROSE.test(node.text) && !NAMES.test(node.text)) {
      const classes = /(^|\s)[a-z]+(-[a-z]+)*(\s|$)/.test(node.text) && !/[A-Z.,]/.test(node.text);
      if (!classes && !ts.isImportDeclaration(node.parent) && !(node.text.includes('{') || node.text.includes('<'))) say(node.text, node);
    }
    ts.forEachChild(node, walk);
  };
  walk(tree);
  return found;
}

test('what the editor says to people stands in the messages', () => {
  const found = [...modules].filter(([path]) => !isMessages(path) && !TYPES.test(path)).flatMap(([path, source]) => proseIn(path, source));
  assert.deepEqual(found, []);
});

test('words in a template, an attribute or a notice would be found', () => {
  const told = proseIn('x.js', "html`<p title='Say more'>Hello ${name} there</p>`; add({ title: 'Nothing was saved' }); find('.a .b')");
  assert.equal(told.length, 4);
});

test('every message is said somewhere', () => {
  const all = [...modules].filter(([path]) => !isMessages(path)).map(([, source]) => source).join('\n') + [...modules].filter(([path]) => isMessages(path)).map(([, source]) => source).join('\n').replace(/^\s*[\w']+:/gm, '');
  const ended = [...new Set([...all.matchAll(/\}([A-Z][a-z]+)`\]/g)].map(([, end]) => end ?? ''))]; // t[`${which}Step`]
  const handedOn = [...all.matchAll(/\.of\(\w+\.(\w+)\)/g)].map(([, group]) => group ?? '').join('|'); // phrases.of(text.search): whole
  const unsaid = [...modules].filter(([path]) => isMessages(path)).flatMap(([path, source]) => {
    const said = handedOn ? source.replace(new RegExp(`^( +)(${handedOn}): \\{[^]*?^\\1\\}`, 'gm'), '') : source;
    const keys = [...said.matchAll(/^\s+'?([A-Za-z][\w-]*)'?: (?!\{)/gm)].map(([, key]) => key ?? '');
    // what is chosen by a value (a severity, a way, a kind) is named where the value is
    return keys.filter((key) => !new RegExp(`(?<![\\w-])${key}(?![\\w-])`).test(all) && !ended.some((end) => key.endsWith(end))).map((key) => `${path}: ${key}`);
  });
  assert.deepEqual(unsaid, []);
});

test('what a module exports is used by another', () => {
  const idle = [...modules].flatMap(([path, source]) =>
    [...source.matchAll(/^export (?:async )?(?:function\*?|const|let) (\w+)/gm)]
      .map(([, name]) => name ?? '')
      .filter((name) => ![...sources].some(([other, text]) => other !== path && new RegExp(`\\b${name}\\b`).test(text)))
      .map((name) => `${path}: ${name}`),
  );
  assert.deepEqual(idle, []);
});

test('every class that a style sheet names is given to something', () => {
  const pages = filesIn(join(STATIC, '../app/netgraft'), '.html').map((path) => readFileSync(path, 'utf8'));
  const all = [...modules.values(), ...pages, readFileSync(join(STATIC, '../app/netgraft/web/notices.py'), 'utf8')].join('\n');
  // begun in a template: `severity-${kind}`
  const begun = [...new Set([...all.matchAll(/([a-z]+-)\$\{/g)].map(([, start]) => start ?? ''))];
  const ended = [...new Set([...all.matchAll(/\}(-[a-z]+)/g)].map(([, end]) => end ?? ''))];
  const idle = filesIn(join(STATIC, 'styles'), '.css').flatMap((path) => {
    const rules = readFileSync(path, 'utf8').replace(/\/\*.*?\*\//gs, '').match(/[^{}]+(?=\{)/g)?.join(' ') ?? '';
    const names = new Set([...rules.matchAll(/\.([a-zA-Z][\w-]*)/g)].map(([, name]) => name ?? ''));
    return [...names]
      .filter((name) => !new RegExp(`(?<![\\w-])${name}(?![\\w-])`).test(all) && !begun.some((start) => name.startsWith(start)) && !ended.some((end) => name.endsWith(end)))
      .map((name) => `${relative(STATIC, path)}: ${name}`);
  });
  assert.deepEqual(idle, []);
});
