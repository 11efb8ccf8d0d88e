import { expect } from 'vitest';
import type { GraphqlAnswer } from '../support/server.ts';

/** The selection of all fields of events. */
export const EVENT = `
  __typename
  event
  sequence
  ... on ThreadStreamEvent { thread { threadId } }
  ... on RunStateStreamEvent {
    run {
      runId
      threadId
      status
      requiredAction { submitToolOutputs { toolCalls { id function { name arguments } } } }
      steps(order: ASC) { nodes { stepId status } }
    }
  }
  ... on RunStepStreamEvent { step { stepId type status run { runId status } } }
  ... on MessageStreamEvent { message { messageId status text } }
  ... on MessageDeltaStreamEvent { messageId text delta { content { index ... on MessageDeltaContentText { text { value } } } } }
  ... on RunStepDeltaStreamEvent {
    stepId
    stepDelta: delta {
      stepDetails {
        ... on ToolCallsDelta {
          toolCalls { index callId ... on FunctionToolCallDelta { function { name arguments } } }
        }
      }
    }
  }
`;

/** An event with the fields of its type. */
export interface Event {
  __typename: string;
  event: string;
  sequence: number | null;
  run?: Run;
  step?: { stepId: string; type: string; status: string; run: { runId: string; status: string } };
  message?: { messageId: string; status: string; text: string };
  messageId?: string;
  text?: string;
  delta?: { content: { index: number; text?: { value: string } }[] };
  stepId?: string;
  stepDelta?: { stepDetails: { toolCalls?: ToolCallDelta[] } };
}

export interface Run {
  runId: string;
  threadId: string;
  status: string;
  requiredAction: { submitToolOutputs: { toolCalls: ToolCall[] } } | null;
  steps: { nodes: { stepId: string; status: string }[] };
}

interface ToolCall {
  id: string;
  function: { name: string; arguments: string };
}

interface ToolCallDelta {
  index: number;
  callId: string | null;
  function: { name: string | null; arguments: string };
}

/** The data of any subscription to events. */
export type StreamField = Record<string, Event>;

/** The events in results, none of which may have an error. */
export const eventsIn = (results: GraphqlAnswer<StreamField>[]): Event[] =>
  results.flatMap(({ data, errors }) => {
    expect(errors).toBeUndefined();
    return Object.values(data ?? {});
  });
