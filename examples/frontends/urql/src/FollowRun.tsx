import { useEffect } from 'react';
import { useSubscription } from 'urql';
import { graphql } from './__generated__/gql.ts';
import type { RunEventsSubscription, RunFragment } from './__generated__/graphql.ts';

const RunEvents = graphql(`
  subscription RunEvents($threadId: ID!, $runId: ID!) {
    runEvents(threadId: $threadId, runId: $runId) {
      __typename
      ... on RunStateStreamEvent {
        run {
          isTerminal
        }
      }
      ... on MessageDeltaStreamEvent {
        text
      }
    }
  }
`);

/** What the run has written so far, and whether it has ended. */
interface Progress {
  text: string;
  ended: boolean;
}

const progress = (
  { text, ended }: Progress = { text: '', ended: false },
  { runEvents: event }: RunEventsSubscription,
) => ({
  text: event.__typename === 'MessageDeltaStreamEvent' ? text + event.text : text,
  ended: ended || (event.__typename === 'RunStateStreamEvent' && event.run.isTerminal),
});

interface Props {
  run: Pick<RunFragment, 'threadId' | 'runId'>;
  onEnd: () => void;
}

/** The answer while it is being written. */
export const FollowRun = ({ run: { threadId, runId }, onEnd }: Props) => {
  const [{ data, error }] = useSubscription({ query: RunEvents, variables: { threadId, runId } }, progress);

  const ended = data?.ended === true;
  useEffect(() => {
    if (ended) onEnd();
  }, [ended, onEnd]);

  if (error) return <li role="alert">{error.message}</li>;
  return <li className="message assistant">{data?.text || '…'}</li>;
};
