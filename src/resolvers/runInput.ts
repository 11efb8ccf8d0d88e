import type { RunKey } from '../loaders/run.ts';
import type { RequestBody } from '../rest/requestBody.ts';
import type { WriteOptions } from '../rest/callerOptions.ts';
import type { RestMetadata } from '../wire/page.ts';
import type {
  CreateRunBody,
  CreateThreadAndRunBody,
  RestToolOutput,
  RestTruncation,
  RunOptionsBody,
  SubmitToolOutputsBody,
} from '../wire/run.ts';
import type { ActiveRunPolicy } from './activeRun.ts';
import { type MessageInput, messageBody } from './messageWrites.ts';
import { type CamelKeys, restKeys, withoutNulls } from './restKeys.ts';
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

/** The members that have another shape in the REST API. */
interface Reshaped {
  tools?: Maybe<ToolInput[]>;
  truncationStrategy?: Maybe<CamelKeys<RestTruncation>>;
  toolChoice?: Maybe<ToolChoiceInput>;
  responseFormat?: Maybe<ResponseFormatInput>;
}

type Plain<Body> = Omit<
  CamelKeys<RequestBody<Body>>,
  keyof Reshaped | 'stream' | 'additionalMessages' | 'thread' | 'toolResources'
>;

/** How a run is written, and how long to wait for it to end or to require action, in seconds. Not part of the body. */
interface Waiting extends WriteOptions {
  waitSeconds?: Maybe<number>;
}

export interface CreateRunInput extends Reshaped, Waiting, Plain<CreateRunBody> {
  threadId: string;
  onActiveRun?: Maybe<ActiveRunPolicy>;
  additionalMessages?: Maybe<MessageInput[]>;
}

export interface CreateThreadAndRunInput extends Reshaped, Waiting, Plain<CreateThreadAndRunBody> {
  thread?: Maybe<ThreadInput>;
  toolResources?: Maybe<ToolResourcesInput>;
}

export interface ModifyRunInput extends RunKey, WriteOptions {
  metadata?: Maybe<RestMetadata>;
}

export interface SubmitToolOutputsToRunInput extends RunKey, Waiting {
  toolOutputs: CamelKeys<RequestBody<RestToolOutput>>[];
}

const optionsBody = <Options extends Reshaped & Plain<RunOptionsBody>>(options: Options) => {
  const { tools, truncationStrategy, toolChoice, parallelToolCalls, responseFormat, ...settings } = options;
  return {
    ...restKeys(settings),
    parallel_tool_calls: parallelToolCalls ?? undefined,
    tools: tools && tools.map(toolBody),
    truncation_strategy: truncationStrategy && restKeys(truncationStrategy),
    tool_choice: toolChoice && toolChoiceBody(toolChoice),
    response_format: responseFormat && responseFormatBody(responseFormat),
  };
};

export const runBody = (input: CreateRunInput): CreateRunBody => {
  const { threadId, onActiveRun, waitSeconds, idempotencyKey, additionalMessages, ...options } = input;
  return {
    ...optionsBody(options),
    additional_messages: additionalMessages && additionalMessages.map(messageBody),
  };
};

export const threadAndRunBody = (input: CreateThreadAndRunInput): CreateThreadAndRunBody => {
  const { waitSeconds, idempotencyKey, thread, toolResources, ...options } = input;
  return {
    ...optionsBody(options),
    thread: thread ? threadBody(thread) : undefined,
    tool_resources: toolResources && toolResourcesBody(toolResources),
  };
};

export const toolOutputsBody = ({ toolOutputs }: SubmitToolOutputsToRunInput): SubmitToolOutputsBody => ({
  tool_outputs: toolOutputs.map((output) => restKeys(withoutNulls(output))),
});
