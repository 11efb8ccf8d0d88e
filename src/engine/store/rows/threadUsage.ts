import { type RawBuilder, type Selectable, sql } from 'kysely';
import type { ThreadUsageWrites } from '../access/threadUsage.ts';
import type { Ownership } from './ownership.ts';
import { type StatementParts, type StatementScope, statement } from './statement.ts';
import type { Tables } from './tables.ts';

/** The greater and the lesser of the stored value and the new one. The functions for it have other names in each database. */
const chosen =
  (comparison: '>' | '<') =>
  (column: keyof Tables['thread_usage']): RawBuilder<number> => {
    const [added, stored] = [sql.ref(`excluded.${column}`), sql.ref(`thread_usage.${column}`)];
    return sql`case when ${added} ${sql.raw(comparison)} ${stored} then ${added} else ${stored} end`;
  };
const greatest = chosen('>');
const least = chosen('<');

type Usage = Selectable<Tables['thread_usage']>;

const addUsage = statement(({ db, owned, value }: StatementParts<Usage>) =>
  db
    .insertInto('thread_usage')
    .values({
      thread_id: owned.ownThread(value('thread_id')),
      model: value('model'),
      unknown_runs: value('unknown_runs'),
      uncounted_runs: value('uncounted_runs'),
      prompt_tokens: value('prompt_tokens'),
      completion_tokens: value('completion_tokens'),
      cached_tokens: value('cached_tokens'),
      max_run_prompt_tokens: value('max_run_prompt_tokens'),
      first_run_at: value('first_run_at'),
      last_run_at: value('last_run_at'),
    })
    .onConflict((conflict) =>
      conflict.columns(['thread_id', 'model']).doUpdateSet((eb) => ({
        unknown_runs: eb('thread_usage.unknown_runs', '+', eb.ref('excluded.unknown_runs')),
        uncounted_runs: eb('thread_usage.uncounted_runs', '+', eb.ref('excluded.uncounted_runs')),
        prompt_tokens: eb('thread_usage.prompt_tokens', '+', eb.ref('excluded.prompt_tokens')),
        completion_tokens: eb('thread_usage.completion_tokens', '+', eb.ref('excluded.completion_tokens')),
        cached_tokens: eb('thread_usage.cached_tokens', '+', eb.ref('excluded.cached_tokens')),
        max_run_prompt_tokens: greatest('max_run_prompt_tokens'),
        first_run_at: least('first_run_at'),
        last_run_at: greatest('last_run_at'),
      })),
    ),
);

export const threadUsageRows = (scope: StatementScope, { ownThread }: Ownership): ThreadUsageWrites => ({
  get: (threadId) =>
    scope.db.selectFrom('thread_usage').selectAll().where('thread_id', '=', ownThread(threadId)).execute(),

  ofThreads: (threadIds) =>
    threadIds.length === 0
      ? Promise.resolve([])
      : scope.db
          .selectFrom('thread_usage')
          .selectAll()
          .where('thread_id', 'in', threadIds.map(ownThread))
          .orderBy('thread_id')
          .orderBy('model')
          .execute(),

  add: async ({ thread_id, model, usage, created_at }) => {
    const cached = usage?.prompt_token_details?.cached_tokens;
    const prompt_tokens = usage?.prompt_tokens ?? 0;
    await addUsage(scope, {
      thread_id,
      model,
      unknown_runs: usage === null ? 1 : 0,
      uncounted_runs: prompt_tokens > 0 && cached === undefined ? 1 : 0,
      prompt_tokens,
      completion_tokens: usage?.completion_tokens ?? 0,
      cached_tokens: cached ?? 0,
      max_run_prompt_tokens: prompt_tokens,
      first_run_at: created_at,
      last_run_at: created_at,
    });
  },
});
