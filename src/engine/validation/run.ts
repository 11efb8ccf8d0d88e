import { z } from 'zod';
import type { CreateRunBody, CreateThreadAndRunBody, ModifyRunBody, SubmitToolOutputsBody } from '../../wire/run.ts';
import { reasoningEffort } from './assistant.ts';
import { decimal, filled, integer, boundedList, metadata } from './fields.ts';
import { createMessageSchema } from './message.ts';
import { createThreadSchema } from './thread.ts';
import { responseFormat, toolChoice, toolResources, tools } from './tools.ts';

const truncationStrategy = z.strictObject({
  type: z.enum(['auto', 'last_messages']),
  last_messages: integer(1).nullable().optional(),
});

/** The API's minimum for token limits. */
const fewestTokens = 256;

const options = {
  assistant_id: z.string(),
  model: filled.nullable().optional(),
  instructions: z.string().nullable().optional(),
  tools: tools(20).nullable().optional(),
  metadata: metadata.nullable().optional(),
  temperature: decimal(0, 2).nullable().optional(),
  top_p: decimal(0, 1).nullable().optional(),
  stream: z.boolean().nullable().optional(),
  max_prompt_tokens: integer(fewestTokens).nullable().optional(),
  max_completion_tokens: integer(fewestTokens).nullable().optional(),
  truncation_strategy: truncationStrategy.nullable().optional(),
  tool_choice: toolChoice.nullable().optional(),
  parallel_tool_calls: z.boolean().optional(),
  response_format: responseFormat.nullable().optional(),
};

export const createRunSchema: z.ZodType<CreateRunBody> = z.strictObject({
  ...options,
  reasoning_effort: reasoningEffort.nullable().optional(),
  additional_instructions: z.string().nullable().optional(),
  additional_messages: boundedList(createMessageSchema).nullable().optional(),
});

export const createThreadAndRunSchema: z.ZodType<CreateThreadAndRunBody> = z.strictObject({
  ...options,
  thread: createThreadSchema.optional(),
  tool_resources: toolResources.nullable().optional(),
});

export const modifyRunSchema: z.ZodType<ModifyRunBody> = z.strictObject({
  metadata: metadata.nullable().optional(),
});

export const submitToolOutputsSchema: z.ZodType<SubmitToolOutputsBody> = z.strictObject({
  tool_outputs: boundedList(z.strictObject({ tool_call_id: z.string(), output: z.string().optional() })),
  stream: z.boolean().nullable().optional(),
});
