import { graphql, useLazyLoadQuery } from 'react-relay';
import type { ThreadScreenQuery } from './__generated__/ThreadScreenQuery.graphql.ts';
import { Composer } from './Composer.tsx';
import { Messages } from './Messages.tsx';
import { Runs } from './Runs.tsx';

interface Props {
  assistantId: string;
  threadId: string;
}

/** One request for the whole screen: each part says in a fragment what it needs. */
export const ThreadScreen = ({ assistantId, threadId }: Props) => {
  const { thread } = useLazyLoadQuery<ThreadScreenQuery>(
    graphql`
      query ThreadScreenQuery($threadId: ID!) {
        thread(threadId: $threadId) {
          ...Messages_thread
          ...Composer_thread
          ...Runs_thread
        }
      }
    `,
    { threadId },
  );
  if (!thread) return <p role="alert">There is no thread {threadId}.</p>;
  return (
    <main>
      <section>
        <Messages thread={thread} />
        <Composer thread={thread} assistantId={assistantId} />
      </section>
      <Runs thread={thread} />
    </main>
  );
};
