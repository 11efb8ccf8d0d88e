import { assistants } from './assistants.ts';
import { messages } from './messages.ts';
import type { ExportedResource, ThreadResource } from './resource.ts';
import { runs } from './runs.ts';

/** What an export begins with, in this order. */
export const exportedResources: readonly ExportedResource[] = [assistants];

/** What follows each thread, in this order. */
export const threadResources: readonly ThreadResource[] = [messages, runs];
