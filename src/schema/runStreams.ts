import {
  createRunStream,
  createThreadAndRunStream,
  resolveEvent,
  resolveRun,
  subscribeRunEvents,
  subscribeRunUpdates,
  submitToolOutputsToRunStream,
} from '../resolvers/runStreams.ts';
import { builder } from './builder.ts';
import { ownInput } from './clientMutation.ts';
import { Run } from './run.ts';
import { RunStreamEvent } from './runStreamEvent.ts';
import { CreateRunInputType, CreateThreadAndRunInputType, SubmitToolOutputsToRunInputType } from './runWrites.ts';

builder.subscriptionType({
  description:
    'The root of all subscriptions, served over server-sent events and `graphql-transport-ws`. Unsubscribing does not cancel the run.',
});

const inputOf = (mutation: string) =>
  ({
    required: true,
    description: `The input of the mutation \`${mutation}\`. \`waitSeconds\` and \`clientMutationId\` are ignored.`,
  }) as const;

builder.subscriptionFields((t) => ({
  createRunStream: t.field({
    type: RunStreamEvent,
    nullable: false,
    description:
      'Creates a run and streams its events until it ends or requires action. `POST /threads/{thread_id}/runs` with `stream`',
    args: { input: t.arg({ type: CreateRunInputType, ...inputOf('createRun') }) },
    subscribe: (_, args, context, info) => createRunStream(ownInput(args.input), context, info),
    resolve: (event, _, context) => resolveEvent(event, context),
  }),
  createThreadAndRunStream: t.field({
    type: RunStreamEvent,
    nullable: false,
    description:
      'Creates a thread and a run on it, and streams the events of the run until it ends or requires action. `POST /threads/runs` with `stream`',
    args: { input: t.arg({ type: CreateThreadAndRunInputType, ...inputOf('createThreadAndRun') }) },
    subscribe: (_, args, context) => createThreadAndRunStream(ownInput(args.input), context),
    resolve: (event, _, context) => resolveEvent(event, context),
  }),
  submitToolOutputsToRunStream: t.field({
    type: RunStreamEvent,
    nullable: false,
    description:
      'Submits tool outputs to a run and streams its events until it ends or requires action again. `POST /threads/{thread_id}/runs/{run_id}/submit_tool_outputs` with `stream`',
    args: { input: t.arg({ type: SubmitToolOutputsToRunInputType, ...inputOf('submitToolOutputsToRun') }) },
    subscribe: (_, args, context) => submitToolOutputsToRunStream(ownInput(args.input), context),
    resolve: (event, _, context) => resolveEvent(event, context),
  }),
  runEvents: t.field({
    type: RunStreamEvent,
    nullable: false,
    description:
      'The events of a run until it ends, across tool calls and submitted outputs. Past events are replayed first, so clients can subscribe late or again. Only the embedded engine can replay events. Over any other upstream the run is polled: events have no `sequence`, the first one is the current state of the run, and whole objects are sent instead of deltas.',
    args: {
      threadId: t.arg.id({ required: true, description: 'REST ID of the thread.' }),
      runId: t.arg.id({ required: true, description: 'REST ID of the run.' }),
      after: t.arg.int({
        description:
          'The `sequence` of the last event received: only later events are sent. By default, all events are sent.',
      }),
    },
    subscribe: (_, { after, ...key }, context) => subscribeRunEvents(key, after, context),
    resolve: (event, _, context) => resolveEvent(event, context),
  }),
  runUpdates: t.field({
    type: Run,
    nullable: false,
    description:
      'The current state of a run, and its state after each change until it ends. It works over any upstream by polling the run, once for all subscribers with the same credentials.',
    args: {
      threadId: t.arg.id({ required: true, description: 'REST ID of the thread.' }),
      runId: t.arg.id({ required: true, description: 'REST ID of the run.' }),
    },
    subscribe: (_, key, context) => subscribeRunUpdates(key, context),
    resolve: (run, _, context) => resolveRun(run, context),
  }),
}));
