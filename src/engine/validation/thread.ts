import { z } from 'zod';
import type { CreateThreadBody, ModifyThreadBody } from '../../wire/thread.ts';
import { boundedList, metadata } from './fields.ts';
import { createMessageSchema } from './message.ts';
import { newToolResources, toolResources } from './tools.ts';

export const createThreadSchema: z.ZodType<CreateThreadBody> = z.strictObject({
  messages: boundedList(createMessageSchema).optional(),
  tool_resources: newToolResources.nullable().optional(),
  metadata: metadata.nullable().optional(),
});

export const modifyThreadSchema: z.ZodType<ModifyThreadBody> = z.strictObject({
  tool_resources: toolResources.nullable().optional(),
  metadata: metadata.nullable().optional(),
});
