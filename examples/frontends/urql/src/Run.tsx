import { graphql } from './__generated__/gql.ts';
import type { RunFragment } from './__generated__/graphql.ts';

graphql(`
  fragment Run on Run {
    id
    runId
    threadId
    status
    isTerminal
    lastError {
      message
    }
    steps(first: 10) {
      nodes {
        id
        type
        status
      }
    }
  }
`);

export const Run = ({ run: { status, lastError, steps } }: { run: RunFragment }) => (
  <li>
    <strong>{status}</strong>
    {lastError && <p role="alert">{lastError.message}</p>}
    <ol aria-label="Steps">
      {steps?.nodes.map(({ id, type, status: stepStatus }) => (
        <li key={id}>
          {type}: {stepStatus}
        </li>
      ))}
    </ol>
  </li>
);
