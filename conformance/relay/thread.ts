import { graphql } from 'relay-runtime';

graphql`
  query threadQuery($threadId: ID!) {
    thread(threadId: $threadId) {
      id
      createdAt
      ...thread_messages
      ...thread_runs
    }
  }
`;

graphql`
  query threadRefetchQuery($id: ID!, $ids: [ID!]!) {
    node(id: $id) {
      ...thread_messages @alias(as: "messages")
    }
    nodes(ids: $ids) {
      id
      ... on Run {
        status
      }
    }
  }
`;

graphql`
  fragment thread_messages on Thread
  @refetchable(queryName: "threadMessagesPaginationQuery")
  @argumentDefinitions(count: { type: "Int", defaultValue: 20 }, cursor: { type: "String" }) {
    messages(last: $count, before: $cursor, order: ASC) @connection(key: "thread_messages_messages") {
      edges {
        node {
          id
          role
          text
          run {
            id
            status
          }
        }
      }
    }
  }
`;

graphql`
  fragment thread_runs on Thread
  @refetchable(queryName: "threadRunsPaginationQuery")
  @argumentDefinitions(count: { type: "Int", defaultValue: 20 }, cursor: { type: "String" }) {
    runs(first: $count, after: $cursor) @connection(key: "thread_runs_runs") {
      edges {
        node {
          id
          ...thread_steps
        }
      }
    }
  }
`;

graphql`
  fragment thread_steps on Run
  @refetchable(queryName: "threadStepsPaginationQuery")
  @argumentDefinitions(count: { type: "Int", defaultValue: 20 }, cursor: { type: "String" }) {
    status
    isTerminal
    steps(first: $count, after: $cursor) @connection(key: "thread_steps_steps") {
      edges {
        node {
          id
          type
          status
        }
      }
    }
  }
`;

graphql`
  mutation threadCreateMessageMutation($input: CreateMessageInput!, $connections: [ID!]!) {
    createMessage(input: $input) {
      messageEdge @appendEdge(connections: $connections) {
        node {
          id
          text
        }
      }
    }
  }
`;

graphql`
  mutation threadDeleteMessageMutation($input: DeleteMessageInput!, $connections: [ID!]!) {
    deleteMessage(input: $input) {
      deletedMessageId @deleteRecord @deleteEdge(connections: $connections)
    }
  }
`;

graphql`
  mutation threadCreateRunMutation($input: CreateRunInput!, $connections: [ID!]!) {
    createRun(input: $input) {
      runEdge @prependEdge(connections: $connections) {
        node {
          id
          ...thread_steps
        }
      }
    }
  }
`;

graphql`
  mutation threadCreateThreadAndRunMutation($input: CreateThreadAndRunInput!, $connections: [ID!]!) {
    createThreadAndRun(input: $input) {
      thread {
        id
      }
      runEdge @prependEdge(connections: $connections) {
        node {
          id
        }
      }
    }
  }
`;

graphql`
  mutation threadDeleteMutation($input: DeleteThreadInput!) {
    deleteThread(input: $input) {
      deletedThreadId @deleteRecord
    }
  }
`;
