import { type SubmitEvent, useState } from 'react';
import { useMutation } from 'urql';
import { graphql } from './__generated__/gql.ts';

const SendMutation = graphql(`
  mutation Send($message: CreateMessageInput!, $run: CreateRunInput!) {
    createMessage(input: $message) {
      message {
        id
      }
    }
    createRun(input: $run) {
      run {
        id
      }
    }
  }
`);

interface Props {
  threadId: string;
  assistantId: string;
}

/** Adds a message to the thread and has the assistant answer it: one request, whose two parts run one after the other. */
export const Composer = ({ threadId, assistantId }: Props) => {
  const [{ fetching, error }, send] = useMutation(SendMutation);

  const [text, setText] = useState('');

  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const { data } = await send({
      message: { threadId, role: 'USER', content: [{ text }] },
      run: { threadId, assistantId },
    });
    // Of the two parts one may fail, and the other be done all the same.
    if (data?.createMessage) setText('');
  };

  return (
    <>
      <form onSubmit={(event) => void submit(event)}>
        <input aria-label="Message" required value={text} onChange={({ target }) => setText(target.value)} />
        <button type="submit" disabled={fetching}>
          Send
        </button>
      </form>
      {error && <p role="alert">{error.message}</p>}
    </>
  );
};
