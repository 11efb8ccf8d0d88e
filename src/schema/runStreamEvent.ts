import { eventKindOf, sequenceOf } from '../live/runEventSource.ts';
import type { Received } from '../rest/received.ts';
import type { ReceivedRunEvent } from '../rest/decodeRunEvent.ts';
import type { RestMessage } from '../wire/message.ts';
import type { RestRun } from '../wire/run.ts';
import type { RestMessageDelta, RestRunStepDelta } from '../wire/runEvent.ts';
import type { RestRunStep } from '../wire/runStep.ts';
import type { RestThread } from '../wire/thread.ts';
import { builder } from './builder.ts';
import { Message } from './message.ts';
import { MessageDelta, textOfDelta } from './messageDelta.ts';
import { Run } from './run.ts';
import { RunStep } from './runStep.ts';
import { RunStepDelta } from './runStepDelta.ts';
import { Thread } from './thread.ts';

const typeNames = {
  thread: 'ThreadStreamEvent',
  run: 'RunStateStreamEvent',
  step: 'RunStepStreamEvent',
  stepDelta: 'RunStepDeltaStreamEvent',
  message: 'MessageStreamEvent',
  messageDelta: 'MessageDeltaStreamEvent',
} as const;

export const RunStreamEvent = builder.interfaceRef<ReceivedRunEvent>('RunStreamEvent').implement({
  description: 'An event of a run. Its type determines the data that it carries.',
  resolveType: (event) => typeNames[eventKindOf(event)],
  fields: (t) => ({
    event: t.exposeString('event', {
      nullable: false,
      description: 'The name of the event in the REST API, such as `thread.run.completed`.',
    }),
    sequence: t.int({
      nullable: true,
      description:
        'The number of the event in its run, from 1. To resume, pass the last one received as `runEvents(after:)`. Null if the upstream does not number events.',
      resolve: sequenceOf,
    }),
  }),
});

/** An event of one kind, and so with data of one type. */
type EventWith<Data> = Extract<ReceivedRunEvent, { data: Data }>;

builder.objectRef<EventWith<Received<RestThread>>>(typeNames.thread).implement({
  description: 'The thread was created together with the run.',
  interfaces: [RunStreamEvent],
  fields: (t) => ({
    thread: t.expose('data', { type: Thread, nullable: false, description: 'The thread.' }),
  }),
});

builder.objectRef<EventWith<Received<RestRun>>>(typeNames.run).implement({
  description: 'The run was created or its status changed.',
  interfaces: [RunStreamEvent],
  fields: (t) => ({
    run: t.expose('data', { type: Run, nullable: false, description: 'The run at the time of the event.' }),
  }),
});

builder.objectRef<EventWith<Received<RestRunStep>>>(typeNames.step).implement({
  description: 'A step was created or its status changed.',
  interfaces: [RunStreamEvent],
  fields: (t) => ({
    step: t.expose('data', { type: RunStep, nullable: false, description: 'The step at the time of the event.' }),
  }),
});

builder.objectRef<EventWith<Received<RestMessage>>>(typeNames.message).implement({
  description: 'A message was created or its status changed.',
  interfaces: [RunStreamEvent],
  fields: (t) => ({
    message: t.expose('data', { type: Message, nullable: false, description: 'The message at the time of the event.' }),
  }),
});

builder.objectRef<EventWith<Received<RestMessageDelta>>>(typeNames.messageDelta).implement({
  description: 'Content was added to a message.',
  interfaces: [RunStreamEvent],
  fields: (t) => ({
    messageId: t.id({ nullable: false, description: 'REST ID of the message.', resolve: ({ data }) => data.id }),
    text: t.string({
      nullable: false,
      description: 'The text that was added. Empty if only other content was added.',
      resolve: ({ data }) => textOfDelta(data),
    }),
    delta: t.field({
      type: MessageDelta,
      nullable: true,
      description: 'The addition.',
      resolve: ({ data }) => data.delta,
    }),
  }),
});

builder.objectRef<EventWith<Received<RestRunStepDelta>>>(typeNames.stepDelta).implement({
  description: 'Details were added to a step.',
  interfaces: [RunStreamEvent],
  fields: (t) => ({
    stepId: t.id({ nullable: false, description: 'REST ID of the step.', resolve: ({ data }) => data.id }),
    delta: t.field({
      type: RunStepDelta,
      nullable: true,
      description: 'The addition.',
      resolve: ({ data }) => data.delta,
    }),
  }),
});
