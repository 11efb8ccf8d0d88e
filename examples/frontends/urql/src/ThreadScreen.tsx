import { useCallback, useState } from 'react';
import { useQuery } from 'urql';
import { graphql } from './__generated__/gql.ts';
import { Composer } from './Composer.tsx';
import { FollowRun } from './FollowRun.tsx';
import { Run } from './Run.tsx';

const ThreadQuery = graphql(`
  query Thread($threadId: ID!, $last: Int!) {
    thread(threadId: $threadId) {
      messages(last: $last, order: ASC) {
        nodes {
          id
          role
          text
        }
        pageInfo {
          hasPreviousPage
        }
      }
      runs(first: 5) {
        nodes {
          ...Run
        }
      }
    }
  }
`);

/** Messages and runs, of which an empty thread's answer names none, so that urql knows to ask again once there are some. */
const context = { additionalTypenames: ['Message', 'Run'] };

const PAGE = 10;

interface Props {
  assistantId: string;
  threadId: string;
}

export const ThreadScreen = ({ assistantId, threadId }: Props) => {
  const [last, setLast] = useState(PAGE);
  const [{ data, error, fetching }, refresh] = useQuery({ query: ThreadQuery, variables: { threadId, last }, context });
  const reload = useCallback(() => refresh({ requestPolicy: 'network-only' }), [refresh]);

  const problem = error && <p role="alert">{error.message}</p>;
  if (!data) return problem ?? <p>Loading…</p>;
  if (!data.thread) return problem ?? <p role="alert">There is no thread {threadId}.</p>;

  // A list that could not be read is null, and the other is shown all the same.
  const { messages, runs } = data.thread;
  const active = runs?.nodes.find(({ isTerminal }) => !isTerminal);
  return (
    <main>
      <section>
        {problem}
        {messages?.pageInfo.hasPreviousPage && (
          <button type="button" onClick={() => setLast(last + PAGE)} disabled={fetching}>
            Load older
          </button>
        )}
        <ol aria-label="Messages">
          {messages?.nodes.map(({ id, role, text }) => (
            <li key={id} className={`message ${role.toLowerCase()}`}>
              {text}
            </li>
          ))}
          {active && <FollowRun key={active.id} run={active} onEnd={reload} />}
        </ol>
        <Composer threadId={threadId} assistantId={assistantId} />
      </section>
      <ol aria-label="Runs">
        {runs?.nodes.map((run) => (
          <Run key={run.id} run={run} />
        ))}
      </ol>
    </main>
  );
};
