import { graphql, useMutation } from 'react-relay';
import type { StartMutation } from './__generated__/StartMutation.graphql.ts';

interface Props {
  onStarted: (conversation: { assistantId: string; threadId: string }) => void;
}

export const Start = ({ onStarted }: Props) => {
  const [start, starting] = useMutation<StartMutation>(graphql`
    mutation StartMutation($assistant: CreateAssistantInput!) {
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

  const begin = () =>
    start({
      variables: { assistant: { model: 'offline', name: 'Guide' } },
      onCompleted: ({ createAssistant, createThread }) => {
        if (createAssistant && createThread) onStarted({ ...createAssistant.assistant, ...createThread.thread });
      },
    });

  return (
    <main>
      <button type="button" onClick={begin} disabled={starting}>
        Start a conversation
      </button>
    </main>
  );
};
