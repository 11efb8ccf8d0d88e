import { exportedAssistants } from './assistants.ts';
import { exportedFiles } from './files.ts';
import { exportedMessages } from './messages.ts';
import type { ExportedResource, ThreadResource } from './resource.ts';
import { exportedRuns } from './runs.ts';
import { exportedVectorStores } from './vectorStores.ts';

/** What precedes the threads. A vector store needs its files, and the others refer to both by their ids. */
export const exportedResources: readonly ExportedResource[] = [exportedFiles, exportedVectorStores, exportedAssistants];

/** What follows each thread, in this order. */
export const threadResources: readonly ThreadResource[] = [exportedMessages, exportedRuns];
