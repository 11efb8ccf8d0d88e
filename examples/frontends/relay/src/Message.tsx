import { graphql, useFragment } from 'react-relay';
import type { Message_message$key } from './__generated__/Message_message.graphql.ts';

export const Message = ({ message }: { message: Message_message$key }) => {
  const { role, text } = useFragment(
    graphql`
      fragment Message_message on Message {
        role
        text
      }
    `,
    message,
  );
  return <li className={`message ${role.toLowerCase()}`}>{text}</li>;
};
