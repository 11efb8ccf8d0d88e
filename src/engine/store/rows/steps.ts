import type { RestRunStep } from '../../../wire/runStep.ts';
import type { StepWrites } from '../access/steps.ts';
import type { Ownership } from './ownership.ts';
import { isInRange, readPage } from './paging.ts';
import { type StatementParts, type StatementScope, statement } from './statement.ts';

const read = ({ object }: { object: string }): RestRunStep => JSON.parse(object) as RestRunStep;

interface WrittenStep {
  id: string;
  runId: string;
  object: string;
}

const writtenStep = (step: RestRunStep): WrittenStep => ({
  id: step.id,
  runId: step.run_id,
  object: JSON.stringify(step),
});

const insertStep = statement(({ db, owned, value }: StatementParts<WrittenStep>) =>
  db.insertInto('steps').values({ id: value('id'), run_id: owned.ownRun(value('runId')), object: value('object') }),
);

const updateStep = statement(({ db, owned, value }: StatementParts<WrittenStep>) =>
  db
    .updateTable('steps')
    .set({ object: value('object') })
    .where('id', '=', value('id'))
    .where('run_id', '=', owned.ownRun(value('runId'))),
);

export const stepRows = (scope: StatementScope, { ownRun }: Ownership): StepWrites => {
  const { db } = scope;
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
      await insertStep(scope, writtenStep(step));
    },

    update: async (step) => {
      await updateStep(scope, writtenStep(step));
    },
  };
};
