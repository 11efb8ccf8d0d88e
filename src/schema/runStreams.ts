import {
  createRunStream,
  createThreadAndRunStream,
  freshEvent,
  freshRun,
  runEvents,
  runUpdates,
  submitToolOutputsToRunStream,
} from '../resolvers/runStreams.ts';
import { builder } from './builder.ts';
import { ownInput } from './clientMutation.ts';
import { Run } from './run.ts';
import { RunStreamEvent } from './runStreamEvent.ts';
import { CreateRunInputType, CreateThreadAndRunInputType, SubmitToolOutputsToRunInputType } from './runWrites.ts';

builder.subscriptionType({
  description:
    'Runs as they happen, by server-sent events or `graphql-transport-ws`. Leaving one does not stop its run.',
});

const input = { required: true, description: 'As for the mutation of the same name.' } as const;

builder.subscriptionFields((t) => ({
  createRunStream: t.field({
    type: RunStreamEvent,
    nullable: false,
    description:
      'Has an assistant work on a thread, and tells what happens until the run has ended or needs action. `POST /threads/{thread_id}/runs` with `stream`',
    args: { input: t.arg({ type: CreateRunInputType, ...input }) },
    subscribe: (_, args, context, info) => createRunStream(ownInput(args.input), context, info),
    resolve: (event, _, context) => freshEvent(event, context),
  }),
  createThreadAndRunStream: t.field({
    type: RunStreamEvent,
    nullable: false,
    description:
      'Creates a thread, has an assistant work on it, and tells what happens until the run has ended or needs action. `POST /threads/runs` with `stream`',
    args: { input: t.arg({ type: CreateThreadAndRunInputType, ...input }) },
    subscribe: (_, args, context) => createThreadAndRunStream(ownInput(args.input), context),
    resolve: (event, _, context) => freshEvent(event, context),
  }),
  submitToolOutputsToRunStream: t.field({
    type: RunStreamEvent,
    nullable: false,
    description:
      'Submits the outputs that a run waits for, and tells what happens until it has ended or needs action again. `POST /threads/{thread_id}/runs/{run_id}/submit_tool_outputs` with `stream`',
    args: { input: t.arg({ type: SubmitToolOutputsToRunInputType, ...input }) },
    subscribe: (_, args, context) => submitToolOutputsToRunStream(ownInput(args.input), context),
    resolve: (event, _, context) => freshEvent(event, context),
  }),
  runEvents: t.field({
    type: RunStreamEvent,
    nullable: false,
    description:
      'What happens to a run over its whole life, across tool calls and submits, until it has ended. Anyone may join late, or again: events are replayed first. Over an upstream that cannot replay (any but the engine of this project) the run is read instead: then events have no `sequence`, each subscription begins with the run as it is, and whole objects come in place of deltas.',
    args: {
      threadId: t.arg.id({ required: true, description: 'REST id of the thread that the run works on.' }),
      runId: t.arg.id({ required: true, description: 'REST id of the run.' }),
      after: t.arg.int({
        description:
          'The `sequence` of the last event that you saw: only later ones come. All of them where this is left out.',
      }),
    },
    subscribe: (_, { after, ...key }, context) => runEvents(key, after, context),
    resolve: (event, _, context) => freshEvent(event, context),
  }),
  runUpdates: t.field({
    type: Run,
    nullable: false,
    description:
      'A run as it is, and again at each change until it has ended. Over any upstream: the run is read again and again, once for all who follow it.',
    args: {
      threadId: t.arg.id({ required: true, description: 'REST id of the thread that the run works on.' }),
      runId: t.arg.id({ required: true, description: 'REST id of the run.' }),
    },
    subscribe: (_, key, context) => runUpdates(key, context),
    resolve: (run, _, context) => freshRun(run, context),
  }),
}));
