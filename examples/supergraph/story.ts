/** Sends one operation. Throws with what the server says is wrong. */
export const ask = async (url: string, query: string, variables: Record<string, unknown> = {}) => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = await response.json();
  if (errors) throw new Error(JSON.stringify(errors, null, 2));
  return data;
};

/** A thread on which an assistant has answered, claimed by Ada. Gives the thread's id. */
export const runStory = async (url: string): Promise<string> => {
  const { createAssistant } = await ask(
    url,
    'mutation { createAssistant(input: { model: "offline", name: "Guide" }) { assistant { assistantId } } }',
  );
  const { createThreadAndRun } = await ask(
    url,
    `mutation ($input: CreateThreadAndRunInput!) {
      createThreadAndRun(input: $input) { run { threadId status } }
    }`,
    {
      input: {
        assistantId: createAssistant.assistant.assistantId,
        thread: { messages: [{ role: 'USER', content: [{ text: 'What is the tallest tree?' }] }] },
        waitSeconds: 30,
      },
    },
  );
  const { threadId } = createThreadAndRun.run;
  await ask(url, 'mutation ($input: ClaimThreadInput!) { claimThread(input: $input) { thread { threadId } } }', {
    input: { threadId, userId: 'ada' },
  });
  return threadId;
};

/** Begins with a user, whom one subgraph owns, and ends with what the other one knows of her threads. */
export const crossing = `{
  user(userId: "ada") {
    name
    threads {
      nodes {
        owner { name }
        messages(order: ASC) { nodes { role text } }
        runs { nodes { status duration steps { nodes { type status } } } }
      }
    }
  }
}`;
