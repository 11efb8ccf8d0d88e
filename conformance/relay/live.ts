import { graphql } from 'relay-runtime';

graphql`
  fragment live_event on RunStreamEvent {
    event
    sequence
    ... on RunStateStreamEvent {
      run {
        id
        status
      }
    }
    ... on RunStepStreamEvent {
      step {
        id
        status
      }
    }
    ... on MessageStreamEvent {
      message {
        id
        text
      }
    }
    ... on MessageDeltaStreamEvent {
      messageId
      text
    }
  }
`;

graphql`
  subscription liveRunEventsSubscription($threadId: ID!, $runId: ID!, $after: Int) {
    runEvents(threadId: $threadId, runId: $runId, after: $after) {
      ...live_event
    }
  }
`;

graphql`
  subscription liveRunUpdatesSubscription($threadId: ID!, $runId: ID!) {
    runUpdates(threadId: $threadId, runId: $runId) {
      id
      status
    }
  }
`;

graphql`
  subscription liveCreateRunSubscription($input: CreateRunInput!) {
    createRunStream(input: $input) {
      ...live_event
    }
  }
`;

graphql`
  subscription liveCreateThreadAndRunSubscription($input: CreateThreadAndRunInput!) {
    createThreadAndRunStream(input: $input) {
      ...live_event
    }
  }
`;

graphql`
  subscription liveSubmitToolOutputsSubscription($input: SubmitToolOutputsToRunInput!) {
    submitToolOutputsToRunStream(input: $input) {
      ...live_event
    }
  }
`;
