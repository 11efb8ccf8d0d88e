import { useMemo } from 'react';
import { graphql, useSubscription } from 'react-relay';
import type { FollowRunSubscription } from './__generated__/FollowRunSubscription.graphql.ts';
import { messagesOf, stepsOf } from './connections.ts';

interface Props {
  run: { id: string; runId: string; threadId: string };
  /** The global id of its thread. */
  thread: string;
}

/**
 * Keeps a run, its steps and what it writes up to date, as long as it is on the screen. What an event carries goes into the
 * store by itself; only the pieces of a text have to be put together.
 */
export const FollowRun = ({ run: { id, runId, threadId }, thread }: Props) => {
  const config = useMemo(() => {
    /** The messages that the run writes: their global ids by the ids that the pieces name. */
    const written = new Map<string, string>();
    return {
      subscription: graphql`
        subscription FollowRunSubscription($threadId: ID!, $runId: ID!, $messages: [ID!]!, $steps: [ID!]!) {
          runEvents(threadId: $threadId, runId: $runId) {
            __typename
            ... on RunStateStreamEvent {
              run {
                status
                isTerminal
                lastError {
                  message
                }
              }
            }
            ... on RunStepStreamEvent {
              step @prependNode(connections: $steps, edgeTypeName: "RunStepEdge") {
                id
                type
                status
              }
            }
            ... on MessageStreamEvent {
              message @appendNode(connections: $messages, edgeTypeName: "MessageEdge") {
                id
                messageId
                ...Message_message
              }
            }
            ... on MessageDeltaStreamEvent {
              messageId
              text
            }
          }
        }
      `,
      variables: { threadId, runId, messages: [messagesOf(thread)], steps: [stepsOf(id)] },
      updater: (store, data) => {
        const event = data?.runEvents;
        if (event?.__typename === 'MessageStreamEvent') written.set(event.message.messageId, event.message.id);
        if (event?.__typename !== 'MessageDeltaStreamEvent') return;
        const message = store.get(written.get(event.messageId) ?? '');
        message?.setValue(`${message.getValue('text')}${event.text}`, 'text');
      },
    } satisfies Parameters<typeof useSubscription<FollowRunSubscription>>[0];
  }, [id, runId, threadId, thread]);

  useSubscription<FollowRunSubscription>(config);
  return null;
};
