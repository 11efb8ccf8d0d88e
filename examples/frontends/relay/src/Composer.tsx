import { useState, type SubmitEvent } from 'react';
import { graphql, useFragment, useMutation } from 'react-relay';
import type { Composer_thread$key } from './__generated__/Composer_thread.graphql.ts';
import type { ComposerMutation } from './__generated__/ComposerMutation.graphql.ts';
import { messagesOf, runsOf } from './connections.ts';

interface Props {
  thread: Composer_thread$key;
  assistantId: string;
}

/** Adds a message to the thread and has the assistant answer it: one request, whose two parts run one after the other. */
export const Composer = ({ thread, assistantId }: Props) => {
  const { id, threadId } = useFragment(
    graphql`
      fragment Composer_thread on Thread {
        id
        threadId
      }
    `,
    thread,
  );
  const [send, sending] = useMutation<ComposerMutation>(graphql`
    mutation ComposerMutation(
      $message: CreateMessageInput!
      $run: CreateRunInput!
      $messages: [ID!]!
      $runs: [ID!]!
    ) {
      createMessage(input: $message) {
        messageEdge @appendEdge(connections: $messages) {
          node {
            ...Message_message
          }
        }
      }
      createRun(input: $run) {
        runEdge @prependEdge(connections: $runs) {
          node {
            ...Run_run
          }
        }
      }
    }
  `);
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<string | null>(null);

  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    send({
      variables: {
        message: { threadId, role: 'USER', content: [{ text }] },
        run: { threadId, assistantId },
        messages: [messagesOf(id)],
        runs: [runsOf(id)],
      },
      // Of the two parts one may fail, and the other be done all the same.
      onCompleted: ({ createMessage }, errors) => {
        setProblem(errors?.[0]?.message ?? null);
        if (createMessage) setText('');
      },
      onError: ({ message }) => setProblem(message),
    });
  };

  return (
    <>
      <form onSubmit={submit}>
        <input aria-label="Message" required value={text} onChange={({ target }) => setText(target.value)} />
        <button type="submit" disabled={sending}>
          Send
        </button>
      </form>
      {problem && <p role="alert">{problem}</p>}
    </>
  );
};
