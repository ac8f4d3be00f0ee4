// The editor's own modules and style sheets as few small files, for those who only use it.
//   node tools/app.mjs [STATIC] [OUT]        STATIC defaults to the folder beside this one, OUT to STATIC/built
// The modules stay what is worked on: the server takes these files only while they were made from the very sources
// that stand there (manifest.json tells their digest, which web/bundle.py computes in the same way).
import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const own = dirname(dirname(fileURLToPath(import.meta.url)));
const root = resolve(process.argv[2] ?? own);
const out = resolve(process.argv[3] ?? join(root, 'built'));
const page = join(root, '..', 'app', 'netgraft', 'web', 'templates', 'editor.html');

/** Folders of static/ that hold no sources of the page. */
const NOT_SOURCES = new Set(['node_modules', 'tests', 'tools', 'built']);

/** @param {string} folder @returns {Promise<string[]>} the page's modules and style sheets, as paths from the root with slashes */
async function sources(folder) {
  const found = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (folder !== root || !NOT_SOURCES.has(entry.name)) found.push(...(await sources(path)));
    } else if (/\.(js|css)$/.test(entry.name) && !entry.name.endsWith('.test.js')) {
      found.push(relative(root, path).split(sep).join('/'));
    }
  }
  return found;
}

const digest = createHash('sha256');
for (const path of (await sources(root)).sort()) {
  digest.update(`${path}\0`).update(await readFile(join(root, path))).update('\0');
}
const name = digest.digest('hex');

// The style sheets in the order in which the page names them.
const sheets = [...(await readFile(page, 'utf8')).matchAll(/rel="stylesheet" href="\/static\/([^"]*)"/g)].map((match) => match[1]);
const common = { absWorkingDir: root, bundle: true, minify: true, target: 'es2022', legalComments: /** @type {const} */ ('none') };
const fresh = `${out}.${process.pid}`;
process.once('exit', () => rmSync(fresh, { recursive: true, force: true })); // nothing half made is left
const folder = join(fresh, name.slice(0, 16));
await mkdir(folder, { recursive: true });
const modules = await build({
  ...common,
  entryPoints: { app: 'app.js' },
  outdir: folder,
  format: 'esm',
  splitting: true,
  chunkNames: '[name]-[hash]',
  metafile: true,
});
// The worker's address is relative to the module that starts it: both lie in one folder here. It is one file, so that
// it is there after one request.
await build({ ...common, entryPoints: { worker: 'layout/worker.js' }, outdir: folder, format: 'esm' });
await build({
  ...common,
  stdin: { contents: sheets.map((sheet) => `@import "./${sheet}";`).join('\n'), resolveDir: root, loader: 'css' },
  outfile: join(folder, 'page.css'),
});

await build({
  ...common,
  stdin: { contents: "import './theme-boot.js';\nimport './early.js';\n", resolveDir: root },
  format: 'iife',
  outfile: join(folder, 'boot.js'),
});

const { outputs } = modules.metafile;
/** What a file imports itself. @param {string} start  how its name begins */
function imported(start) {
  const [, file] = /** @type {[string, typeof outputs[string]]} */ (Object.entries(outputs).find(([path]) => basename(path).startsWith(start)));
  return file.imports.filter(({ kind }) => kind === 'import-statement').map(({ path }) => basename(path));
}
/** What the page needs before its first picture, and what it needs after that. */
const chunks = imported('app.');
const furniture = Object.keys(outputs).map((path) => basename(path)).find((path) => path.startsWith('furniture-'));
const later = [furniture, ...imported('furniture-').filter((path) => !chunks.includes(path))];

for (const file of await readdir(folder)) {
  const bytes = await readFile(join(folder, file));
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  await writeFile(join(folder, `${file}.br`), brotliCompressSync(bytes, { params }));
  await writeFile(join(folder, `${file}.gz`), gzipSync(bytes, { level: 9 }));
}
await writeFile(join(fresh, 'manifest.json'), `${JSON.stringify({ sources: name, folder: name.slice(0, 16), chunks, later, sheets })}\n`);
await rm(out, { recursive: true, force: true });
await rename(fresh, out);
