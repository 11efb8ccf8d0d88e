import Database from 'libsql';
import { expect, onTestFinished, test, vi } from 'vitest';
import { openEngine } from './openEngine.ts';
import type { RestMessage } from '../../src/wire/message.ts';
import type { RestRun } from '../../src/wire/run.ts';
import { clientOf, scriptedModel, startClient } from './client.ts';
import { executeIn, newDataPath, rowsIn } from './dataFiles.ts';

const prepare: Database.Database['prepare'] = Reflect.get(Database.prototype, 'prepare');

/** Counts the rows and bytes that statements return from now on, and collects the statements. */
const countReads = () => {
  const counted = { rows: 0, bytes: 0, statements: new Set<string>() };
  const spy = vi.spyOn(Database.prototype, 'prepare').mockImplementation(function (this: Database.Database, sql) {
    const statement = prepare.call(this, sql);
    const all = statement.all.bind(statement);
    statement.all = (parameters: object) => {
      const rows = all(parameters);
      counted.rows += rows.length;
      counted.bytes += JSON.stringify(rows).length;
      counted.statements.add(sql);
      return rows;
    };
    return statement;
  });
  return { counted, stop: () => spy.mockRestore() };
};

/** A data file with a thread of `count` messages, copies of one that the engine wrote. */
const fileWith = async (count: number) => {
  const dataPath = newDataPath();
  const writer = clientOf(await openEngine({ dataPath }));
  const { id } = await writer.thread('A message of some words, as people write them.');
  await writer.engine.close();
  executeIn(
    dataPath,
    `with recursive numbers (n) as (select 1 union all select n + 1 from numbers where n < ${count - 1})
     insert into messages (id, thread_id, run_id, object)
     select 'msg_' || n, thread_id, run_id, replace(object, messages.id, 'msg_' || n) from numbers, messages;
     update threads set message_count = ${count};`,
  );
  return { dataPath, threadId: id };
};

/** What appending a message, listing the newest, and a run with `last_messages: 20` read. */
const costOf = async (count: number) => {
  const { dataPath, threadId } = await fileWith(count);
  const { counted, stop } = countReads();
  onTestFinished(stop);
  const script = scriptedModel(async function* () {
    yield { type: 'text', text: 'ok' };
  });
  const client = await startClient({ dataPath, model: script.model, sweepIntervalMs: 60_000 });
  const { id } = await client.assistant();
  const path = `/threads/${threadId}`;

  const measured = async (work: () => Promise<unknown>) => {
    const before = { ...counted };
    await work();
    return { rows: counted.rows - before.rows, bytes: counted.bytes - before.bytes };
  };
  const append = await measured(() => client.post<RestMessage>(`${path}/messages`, { role: 'user', content: 'Hi' }));
  const list = await measured(() => client.messages(threadId, 'limit=20'));
  const run = await measured(async () => {
    const truncation = { type: 'last_messages', last_messages: 20 };
    const body = { assistant_id: id, truncation_strategy: truncation, stream: true };
    await client.events('POST', `${path}/runs`, body);
  });
  expect((await client.get<{ data: RestRun[] }>(`${path}/runs`)).data).toMatchObject([{ status: 'completed' }]);
  expect(script.requests[0]?.messages).toHaveLength(20);
  await client.engine.close();
  stop();
  const scans = [...counted.statements].flatMap((sql) => {
    const plan = rowsIn(dataPath, `explain query plan ${sql.replaceAll('?', '1')}`) as { detail: string }[];
    return plan.flatMap(({ detail }) =>
      /^SCAN (messages|steps|run_events|runs)\b/.test(detail) ? [`${detail}: ${sql}`] : [],
    );
  });
  return { cost: { append, list, run }, scans };
};

test('a thread of 100,000 messages costs no more reads than one of 100', async () => {
  const short = await costOf(100);
  const long = await costOf(99_999);
  expect(short.scans).toEqual([]);
  expect(long.scans).toEqual([]);
  const ratios = (['append', 'list', 'run'] as const).flatMap((work) => [
    long.cost[work].rows / short.cost[work].rows,
    long.cost[work].bytes / short.cost[work].bytes,
  ]);
  expect(Math.max(...ratios)).toBeLessThanOrEqual(1.5);
  expect(short.cost.list.rows).toBeGreaterThanOrEqual(20);
});
