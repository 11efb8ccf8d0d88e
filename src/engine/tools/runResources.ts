import type { RestRun } from '../../wire/run.ts';
import type { StoreReads } from '../store/store.ts';

/** What the tools of a run may use. */
export interface RunResources {
  /** Files of the code interpreter. */
  fileIds: string[];
  vectorStoreIds: string[];
}

/** The resources of the thread and of the assistant, which may have been deleted since. */
export const resourcesOf = async (reads: StoreReads, run: RestRun): Promise<RunResources> => {
  const owners = [await reads.threads.get(run.thread_id), await reads.assistants.get(run.assistant_id)];
  const all = owners.map((owner) => owner?.tool_resources);
  return {
    fileIds: [...new Set(all.flatMap((resources) => resources?.code_interpreter?.file_ids ?? []))],
    vectorStoreIds: [...new Set(all.flatMap((resources) => resources?.file_search?.vector_store_ids ?? []))],
  };
};
