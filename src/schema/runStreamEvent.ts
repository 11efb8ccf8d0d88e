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
  description: 'Something that happened to a run. Its type tells what it carries.',
  resolveType: (event) => typeNames[eventKindOf(event)],
  fields: (t) => ({
    event: t.exposeString('event', {
      nullable: false,
      description: 'What happened, as REST names it, such as `thread.run.completed`.',
    }),
    sequence: t.int({
      nullable: true,
      description:
        'Its place among the events of its run, from 1: hand the last one that you saw to `runEvents(after:)`. Null where the upstream does not number them.',
      resolve: sequenceOf,
    }),
  }),
});

/** An event of one kind, and so with data of one type. */
type EventWith<Data> = Extract<ReceivedRunEvent, { data: Data }>;

builder.objectRef<EventWith<Received<RestThread>>>(typeNames.thread).implement({
  description: 'A thread was created, along with the run.',
  interfaces: [RunStreamEvent],
  fields: (t) => ({
    thread: t.expose('data', { type: Thread, nullable: false, description: 'The thread.' }),
  }),
});

builder.objectRef<EventWith<Received<RestRun>>>(typeNames.run).implement({
  description: 'The run was created, or its status changed.',
  interfaces: [RunStreamEvent],
  fields: (t) => ({
    run: t.expose('data', { type: Run, nullable: false, description: 'The run as it was then.' }),
  }),
});

builder.objectRef<EventWith<Received<RestRunStep>>>(typeNames.step).implement({
  description: 'A step began, or its status changed.',
  interfaces: [RunStreamEvent],
  fields: (t) => ({
    step: t.expose('data', { type: RunStep, nullable: false, description: 'The step as it was then.' }),
  }),
});

builder.objectRef<EventWith<Received<RestMessage>>>(typeNames.message).implement({
  description: 'A message was withFirstValue, or its status changed.',
  interfaces: [RunStreamEvent],
  fields: (t) => ({
    message: t.expose('data', { type: Message, nullable: false, description: 'The message as it was then.' }),
  }),
});

builder.objectRef<EventWith<Received<RestMessageDelta>>>(typeNames.messageDelta).implement({
  description: 'Something was added to a message.',
  interfaces: [RunStreamEvent],
  fields: (t) => ({
    messageId: t.id({ nullable: false, description: 'REST id of the message.', resolve: ({ data }) => data.id }),
    text: t.string({
      nullable: false,
      description: 'The text that was added; empty where it was something else.',
      resolve: ({ data }) => textOfDelta(data),
    }),
    delta: t.field({
      type: MessageDelta,
      nullable: true,
      description: 'All that was added.',
      resolve: ({ data }) => data.delta,
    }),
  }),
});

builder.objectRef<EventWith<Received<RestRunStepDelta>>>(typeNames.stepDelta).implement({
  description: 'Something was added to a step.',
  interfaces: [RunStreamEvent],
  fields: (t) => ({
    stepId: t.id({ nullable: false, description: 'REST id of the step.', resolve: ({ data }) => data.id }),
    delta: t.field({
      type: RunStepDelta,
      nullable: true,
      description: 'All that was added.',
      resolve: ({ data }) => data.delta,
    }),
  }),
});
