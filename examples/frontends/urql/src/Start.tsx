import { useMutation } from 'urql';
import { graphql } from './__generated__/gql.ts';

const StartMutation = graphql(`
  mutation Start($assistant: CreateAssistantInput!) {
    createAssistant(input: $assistant) {
      assistant {
        assistantId
      }
    }
    createThread(input: {}) {
      thread {
        threadId
      }
    }
  }
`);

interface Props {
  onStarted: (conversation: { assistantId: string; threadId: string }) => void;
}

export const Start = ({ onStarted }: Props) => {
  const [{ fetching, error }, start] = useMutation(StartMutation);

  const begin = async () => {
    const { data } = await start({ assistant: { model: 'offline', name: 'Guide' } });
    if (!data?.createAssistant || !data.createThread) return;
    onStarted({ ...data.createAssistant.assistant, ...data.createThread.thread });
  };

  return (
    <main>
      <button type="button" onClick={() => void begin()} disabled={fetching}>
        Start a conversation
      </button>
      {error && <p role="alert">{error.message}</p>}
    </main>
  );
};
