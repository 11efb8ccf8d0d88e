import type { Kysely } from 'kysely';
import type { RestRunStep } from '../../../wire/runStep.ts';
import type { StepWrites } from '../access/steps.ts';
import type { Ownership } from './ownership.ts';
import { isInRange, readPage } from './paging.ts';
import type { Tables } from './tables.ts';

const read = ({ object }: { object: string }): RestRunStep => JSON.parse(object) as RestRunStep;

export const stepRows = (db: Kysely<Tables>, { ownRun }: Ownership): StepWrites => {
  const ofRun = (runId: string) => db.selectFrom('steps').where('run_id', '=', ownRun(runId));

  return {
    get: async (runId, stepId) => {
      const row = await ofRun(runId).select('object').where('id', '=', stepId).executeTakeFirst();
      return row && read(row);
    },

    list: (runId, page) =>
      readPage(
        page,
        async (id) => (await ofRun(runId).select('seq').where('id', '=', id).executeTakeFirst())?.seq,
        async (range) => {
          const rows = await ofRun(runId)
            .select('object')
            .where(isInRange(range))
            .orderBy('seq', range.direction)
            .limit(range.limit)
            .execute();
          return rows.map(read);
        },
      ),

    ofRuns: async (runIds) => {
      if (runIds.length === 0) return [];
      const rows = await db
        .selectFrom('steps')
        .select('object')
        .where('run_id', 'in', runIds.map(ownRun))
        .orderBy('seq')
        .execute();
      return rows.map(read);
    },

    ofRun: async (runId) => (await ofRun(runId).select('object').orderBy('seq').execute()).map(read),

    insert: async (step) => {
      await db
        .insertInto('steps')
        .values({ id: step.id, run_id: ownRun(step.run_id), object: JSON.stringify(step) })
        .execute();
    },

    update: async (step) => {
      await db
        .updateTable('steps')
        .set({ object: JSON.stringify(step) })
        .where('id', '=', step.id)
        .where('run_id', '=', ownRun(step.run_id))
        .execute();
    },
  };
};
