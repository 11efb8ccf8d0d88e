import { exportedAssistants } from './assistants.ts';
import { exportedMessages } from './messages.ts';
import type { ExportedResource, ThreadResource } from './resource.ts';
import { exportedRuns } from './runs.ts';

/** What an export begins with, in this order. */
export const exportedResources: readonly ExportedResource[] = [exportedAssistants];

/** What follows each thread, in this order. */
export const threadResources: readonly ThreadResource[] = [exportedMessages, exportedRuns];
