import type { Kysely, Selectable } from 'kysely';
import type { Citation, EngineCall, EngineCallWrites } from '../access/engineCalls.ts';
import type { Ownership } from './ownership.ts';
import type { Tables } from './tables.ts';

const read = (row: Selectable<Tables['engine_calls']>): EngineCall => ({
  id: row.id,
  runId: row.run_id,
  name: row.name,
  arguments: row.arguments,
  output: row.output,
  citations: JSON.parse(row.citations) as Citation[],
  images: JSON.parse(row.images) as string[],
});

export const engineCallRows = (db: Kysely<Tables>, { ownRun, ownThread }: Ownership): EngineCallWrites => ({
  ofRun: async (runId) => {
    const rows = await db
      .selectFrom('engine_calls')
      .selectAll()
      .where('run_id', '=', ownRun(runId))
      .orderBy('seq')
      .execute();
    return rows.map(read);
  },

  citationsIn: async (threadId, limit) => {
    const rows = await db
      .selectFrom('engine_calls')
      .innerJoin('runs', 'runs.id', 'engine_calls.run_id')
      .select('citations')
      .where('runs.thread_id', '=', ownThread(threadId))
      .where('citations', '!=', '[]')
      .orderBy('engine_calls.seq', 'desc')
      .limit(limit)
      .execute();
    return rows.toReversed().flatMap(({ citations }) => JSON.parse(citations) as Citation[]);
  },

  insert: async ({ id, runId, name, arguments: written, output, citations, images }) => {
    await db
      .insertInto('engine_calls')
      .values({
        id,
        run_id: ownRun(runId),
        name,
        arguments: written,
        output,
        citations: JSON.stringify(citations),
        images: JSON.stringify(images),
      })
      .execute();
  },

  update: async ({ id, runId, output, citations, images }) => {
    await db
      .updateTable('engine_calls')
      .set({ output, citations: JSON.stringify(citations), images: JSON.stringify(images) })
      .where('id', '=', id)
      .where('run_id', '=', ownRun(runId))
      .execute();
  },
});
