import type { GraphQLResolveInfo } from 'graphql';
import type { Context } from '../context.ts';
import type { RunKey } from '../loaders/run.ts';
import type { Received } from '../rest/received.ts';
import type { Sent } from '../rest/sent.ts';
import type { RestMetadata } from '../wire/page.ts';
import type {
  CreateRunBody,
  CreateThreadAndRunBody,
  RestRun,
  RestToolOutput,
  RestTruncation,
  RunOptionsBody,
} from '../wire/run.ts';
import { payloadNeedsFileContent } from './fileContent.ts';
import { type MessageInput, messageBody } from './messageWrites.ts';
import { Edge } from './pagination.ts';
import { type CamelKeys, restKeys } from './restKeys.ts';
import { runList } from './run.ts';
import { type ThreadInput, threadBody } from './threadWrites.ts';
import {
  type ResponseFormatInput,
  responseFormatBody,
  type ToolChoiceInput,
  type ToolInput,
  toolBody,
  toolChoiceBody,
} from './toolInput.ts';
import { type ToolResourcesInput, toolResourcesBody } from './toolResourcesInput.ts';

type Maybe<T> = T | null | undefined;

/** What the REST API takes in another shape than the graph does. */
interface Reshaped {
  tools?: Maybe<ToolInput[]>;
  truncationStrategy?: Maybe<CamelKeys<RestTruncation>>;
  toolChoice?: Maybe<ToolChoiceInput>;
  responseFormat?: Maybe<ResponseFormatInput>;
}

type Plain<Body> = Omit<
  CamelKeys<Sent<Body>>,
  keyof Reshaped | 'stream' | 'additionalMessages' | 'thread' | 'toolResources'
>;

export interface CreateRunInput extends Reshaped, Plain<CreateRunBody> {
  threadId: string;
  additionalMessages?: Maybe<MessageInput[]>;
}

export interface CreateThreadAndRunInput extends Reshaped, Plain<CreateThreadAndRunBody> {
  thread?: Maybe<ThreadInput>;
  toolResources?: Maybe<ToolResourcesInput>;
}

export interface ModifyRunInput extends RunKey {
  metadata?: Maybe<RestMetadata>;
}

export interface SubmitToolOutputsToRunInput extends RunKey {
  toolOutputs: CamelKeys<RestToolOutput>[];
}

const optionsBody = <Options extends Reshaped & Plain<RunOptionsBody>>(options: Options) => {
  const { tools, truncationStrategy, toolChoice, responseFormat, ...settings } = options;
  return {
    ...restKeys(settings),
    tools: tools && tools.map(toolBody),
    truncation_strategy: truncationStrategy && restKeys(truncationStrategy),
    tool_choice: toolChoice && toolChoiceBody(toolChoice),
    response_format: responseFormat && responseFormatBody(responseFormat),
  };
};

const newRun = (run: Received<RestRun>) => ({ run, runEdge: new Edge(run, runList(run.thread_id)) });

export const createRun = async (input: CreateRunInput, { rest, loaders }: Context, info: GraphQLResolveInfo) => {
  const { threadId, additionalMessages, ...options } = input;
  const body = {
    ...optionsBody(options),
    additional_messages: additionalMessages && additionalMessages.map(messageBody),
  };
  const run = await rest.runs.create(threadId, body, { include: payloadNeedsFileContent(info) });
  loaders.runs.wrote(run);
  return newRun(run);
};

export const createThreadAndRun = async (input: CreateThreadAndRunInput, { rest, loaders }: Context) => {
  const { thread, toolResources, ...options } = input;
  const run = await rest.runs.createWithThread({
    ...optionsBody(options),
    thread: thread && threadBody(thread),
    tool_resources: toolResources && toolResourcesBody(toolResources),
  });
  loaders.runs.wrote(run);
  return newRun(run);
};

export const modifyRun = async ({ threadId, runId, metadata }: ModifyRunInput, { rest, loaders }: Context) => {
  const run = await rest.runs.modify(threadId, runId, { metadata });
  loaders.runs.wrote(run);
  return { run };
};

export const cancelRun = async ({ threadId, runId }: RunKey, { rest, loaders }: Context) => {
  const run = await rest.runs.cancel(threadId, runId);
  loaders.runs.wrote(run);
  return { run };
};

export const submitToolOutputsToRun = async (input: SubmitToolOutputsToRunInput, { rest, loaders }: Context) => {
  const { threadId, runId, toolOutputs } = input;
  const run = await rest.runs.submitToolOutputs(threadId, runId, { tool_outputs: toolOutputs.map(restKeys) });
  loaders.runs.wrote(run);
  return { run };
};
