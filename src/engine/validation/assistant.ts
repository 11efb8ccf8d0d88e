import { z } from 'zod';
import type { CreateAssistantBody, ModifyAssistantBody } from '../../wire/assistant.ts';
import { decimal, filled, metadata, text } from './fields.ts';
import { newToolResources, responseFormat, toolResources, tools } from './tools.ts';

/** Characters in an assistant's instructions. The API states no limit for those of a run. */
const instructionsLimit = 256_000;

export const reasoningEffort = z.enum(['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max']);

const settings = {
  name: text(256).nullable().optional(),
  description: text(512).nullable().optional(),
  instructions: text(instructionsLimit).nullable().optional(),
  reasoning_effort: reasoningEffort.nullable().optional(),
  tools: tools(128).optional(),
  metadata: metadata.nullable().optional(),
  temperature: decimal(0, 2).nullable().optional(),
  top_p: decimal(0, 1).nullable().optional(),
  response_format: responseFormat.nullable().optional(),
};

export const createAssistantSchema: z.ZodType<CreateAssistantBody> = z.strictObject({
  model: filled,
  ...settings,
  tool_resources: newToolResources.nullable().optional(),
});

export const modifyAssistantSchema: z.ZodType<ModifyAssistantBody> = z.strictObject({
  model: filled.optional(),
  ...settings,
  tool_resources: toolResources.nullable().optional(),
});
