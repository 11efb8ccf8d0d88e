import { graphql, usePaginationFragment } from 'react-relay';
import type { Messages_thread$key } from './__generated__/Messages_thread.graphql.ts';
import type { MessagesPaginationQuery } from './__generated__/MessagesPaginationQuery.graphql.ts';
import { Message } from './Message.tsx';

export const Messages = ({ thread }: { thread: Messages_thread$key }) => {
  const { data, hasPrevious, isLoadingPrevious, loadPrevious } = usePaginationFragment<
    MessagesPaginationQuery,
    Messages_thread$key
  >(
    graphql`
      fragment Messages_thread on Thread
      @refetchable(queryName: "MessagesPaginationQuery")
      @argumentDefinitions(count: { type: "Int", defaultValue: 10 }, cursor: { type: "String" }) {
        messages(last: $count, before: $cursor, order: ASC) @connection(key: "Messages_messages") {
          edges {
            node {
              id
              ...Message_message
            }
          }
        }
      }
    `,
    thread,
  );
  return (
    <>
      {hasPrevious && (
        <button type="button" onClick={() => loadPrevious(10)} disabled={isLoadingPrevious}>
          Load older
        </button>
      )}
      <ol aria-label="Messages">
        {data.messages?.edges.map(({ node }) => (
          <Message key={node.id} message={node} />
        ))}
      </ol>
    </>
  );
};
