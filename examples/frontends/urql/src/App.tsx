import { useState } from 'react';
import { Start } from './Start.tsx';
import { ThreadScreen } from './ThreadScreen.tsx';

/** What the address names: `?assistantId=asst_…&threadId=thread_…`. */
const inAddress = () => {
  const parameters = new URLSearchParams(location.search);
  const [assistantId, threadId] = [parameters.get('assistantId'), parameters.get('threadId')];
  return assistantId === null || threadId === null ? null : { assistantId, threadId };
};

export const App = () => {
  const [conversation, setConversation] = useState(inAddress);
  if (conversation !== null) return <ThreadScreen {...conversation} />;
  return (
    <Start
      onStarted={(started) => {
        history.pushState(null, '', `?${new URLSearchParams(started)}`);
        setConversation(started);
      }}
    />
  );
};
