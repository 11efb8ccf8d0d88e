import { markdownTable } from './settingsTable.ts';

// The table in the README is this output: `npm run settings`.
process.stdout.write(`${markdownTable()}\n`);
