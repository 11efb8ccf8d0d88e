import { graphql, useFragment } from 'react-relay';
import type { Run_run$key } from './__generated__/Run_run.graphql.ts';
import { FollowRun } from './FollowRun.tsx';

interface Props {
  run: Run_run$key;
  /** The global id of its thread, to which the answer goes. */
  thread: string;
}

export const Run = ({ run, thread }: Props) => {
  const { id, runId, threadId, status, isTerminal, lastError, steps } = useFragment(
    graphql`
      fragment Run_run on Run {
        id
        runId
        threadId
        status
        isTerminal
        lastError {
          message
        }
        steps(first: 10) @connection(key: "Run_steps") {
          edges {
            node {
              id
              type
              status
            }
          }
        }
      }
    `,
    run,
  );
  return (
    <li>
      <strong>{status}</strong>
      {lastError && <p role="alert">{lastError.message}</p>}
      {!isTerminal && <FollowRun key={id} run={{ id, runId, threadId }} thread={thread} />}
      <ol aria-label="Steps">
        {steps?.edges.map(({ node }) => (
          <li key={node.id}>
            {node.type}: {node.status}
          </li>
        ))}
      </ol>
    </li>
  );
};
