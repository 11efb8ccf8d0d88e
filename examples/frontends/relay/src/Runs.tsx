import { graphql, useFragment } from 'react-relay';
import type { Runs_thread$key } from './__generated__/Runs_thread.graphql.ts';
import { Run } from './Run.tsx';

export const Runs = ({ thread }: { thread: Runs_thread$key }) => {
  const { id, runs } = useFragment(
    graphql`
      fragment Runs_thread on Thread {
        id
        runs(first: 5) @connection(key: "Runs_runs") {
          edges {
            node {
              id
              ...Run_run
            }
          }
        }
      }
    `,
    thread,
  );
  return (
    <ol aria-label="Runs">
      {runs?.edges.map(({ node }) => (
        <Run key={node.id} run={node} thread={id} />
      ))}
    </ol>
  );
};
