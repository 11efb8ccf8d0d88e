// Fails if two files of src export something of the same name: one name stands for one thing.
import { readdirSync, readFileSync } from 'node:fs';

const declaration = /^export (?:abstract |async )*(?:const|let|function\*?|class|interface|type|enum) (\w+)/gm;

const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
const exporters = new Map();
for (const file of files) {
  const names = new Set([...readFileSync(`src/${file}`, 'utf8').matchAll(declaration)].map(([, name]) => name));
  for (const name of names) exporters.set(name, [...(exporters.get(name) ?? []), file]);
}
const repeated = [...exporters].filter(([, where]) => where.length > 1);
for (const [name, where] of repeated) process.stderr.write(`${name} is exported by ${where.join(' and ')}\n`);
process.exitCode = repeated.length === 0 ? 0 : 1;
