// Writes recorded nets as graph JSON: node record.mjs NETS.jsonl OUT_DIR ID...
import { createReadStream, mkdirSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { recordedGraph } from './nets.js';

const [nets, out, ...ids] = process.argv.slice(2);
mkdirSync(out, { recursive: true });
for await (const line of createInterface({ input: createReadStream(nets) })) {
  const record = JSON.parse(line);
  if (ids.some((id) => record.id.startsWith(id))) writeFileSync(`${out}/${record.id.slice(0, 3)}.json`, JSON.stringify(recordedGraph(record)));
}
