import type { CreateMessageBody } from './message.ts';
import type { RestMetadata } from './page.ts';
import type { RestUsage } from './run.ts';
import type { RestToolResources, RestToolResourcesCreate } from './tool.ts';

export interface RestThread {
  id: string;
  object: 'thread';
  created_at: number;
  tool_resources: RestToolResources | null;
  metadata: RestMetadata | null;
  /** Of all ended runs on the thread. An extension of the embedded engine: other servers do not send it. */
  usage?: RestThreadUsage;
}

/** Totals. `prompt_token_details` is missing if one of the runs has no count of cached tokens. */
export interface RestThreadUsage extends RestUsage {
  /** Ended runs whose usage is unknown. The totals leave them out. */
  unknown_runs: number;
  /** The same by the model of the runs, as needed to price them. */
  models: RestModelUsage[];
}

export interface RestModelUsage {
  model: string;
  prompt_tokens: number;
  completion_tokens: number;
  /** As far as they were counted. */
  cached_tokens: number;
  /** Prompt tokens of the run that had the most. */
  max_run_prompt_tokens: number;
  /** When the first and the last of the runs were created. */
  first_run_at: number;
  last_run_at: number;
}

/** The thread without the embedded engine's totals, which follow from its runs. */
export const withoutThreadUsage = <Thread extends { usage?: unknown }>(thread: Thread): Thread => {
  const { usage } = thread;
  // `usage` without this member is a field of another server.
  if (typeof usage !== 'object' || usage === null || !('unknown_runs' in usage)) return thread;
  const copy = { ...thread };
  delete copy.usage;
  return copy;
};

export interface CreateThreadBody {
  messages?: CreateMessageBody[] | undefined;
  tool_resources?: RestToolResourcesCreate | null | undefined;
  metadata?: RestMetadata | null | undefined;
}

export interface ModifyThreadBody {
  tool_resources?: RestToolResources | null | undefined;
  metadata?: RestMetadata | null | undefined;
}
