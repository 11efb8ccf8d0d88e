import { expect, test } from 'vitest';
import type { CodeRunner } from '../../src/engine/codeInterpreter/codeRunner.ts';
import type { RestRun } from '../../src/wire/run.ts';
import { startClient } from './client.ts';
import { codeBlock, codeInterpreter } from './interpreter.ts';
import { recordStatements } from './recordStatements.ts';

/** How many statements read files in a run with one call of the code interpreter, and the names that the call gets. */
const readsWith = async (count: number) => {
  const names: string[] = [];
  const codeRunner: CodeRunner = {
    name: 'a runner that only looks at the files',
    problem: undefined,
    run: async ({ files }) => {
      names.push(...(await files(false)).map(({ name }) => name));
      return { logs: '', images: [], files: [], notes: [], isNewSession: false };
    },
    close: () => Promise.resolve(),
  };
  const client = await startClient({ codeRunner });
  const ids: string[] = [];
  for (let index = 0; index < count; index += 1) ids.push((await client.upload(`${index}.csv`)).id);
  const assistant = await client.assistant({ tools: [codeInterpreter] });
  const messages = ids.map((id) => ({
    role: 'user',
    content: 'A file.',
    attachments: [{ file_id: id, tools: [codeInterpreter] }],
  }));
  const thread = await client.post<{ id: string }>('/threads', { messages });
  await client.remove(`/files/${ids[0]}`);
  await client.post(`/threads/${thread.id}/messages`, { role: 'user', content: codeBlock('1') });
  const statements = recordStatements();
  const run = await client.post<RestRun>(`/threads/${thread.id}/runs`, { assistant_id: assistant.id });
  await client.until(run, 'completed');
  return { reads: statements.filter((sql) => sql.includes('from "files"')).length, names };
};

test('a run reads the files of its thread with as many statements if there are 40 as if there are 2', async () => {
  const [few, many] = [await readsWith(2), await readsWith(40)];
  expect(few.names).toEqual(['1.csv']);
  expect(many.names).toEqual(Array.from({ length: 39 }, (_, index) => `${index + 1}.csv`));
  // Two turns and a call.
  expect(few.reads).toBe(3);
  expect(many.reads).toBe(3);
});
