import { z } from 'zod';
import type { CreateThreadBody, ModifyThreadBody } from '../../wire/thread.ts';
import { metadata } from './fields.ts';
import { createMessageBody } from './message.ts';
import { newToolResources, toolResources } from './tools.ts';

export const createThreadBody: z.ZodType<CreateThreadBody> = z.strictObject({
  messages: z.array(createMessageBody).optional(),
  tool_resources: newToolResources.nullable().optional(),
  metadata: metadata.nullable().optional(),
});

export const modifyThreadBody: z.ZodType<ModifyThreadBody> = z.strictObject({
  tool_resources: toolResources.nullable().optional(),
  metadata: metadata.nullable().optional(),
});
