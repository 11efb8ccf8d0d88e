import type { RestMetadata } from './page.ts';
import type { RestUsage } from './run.ts';
import type { RestRanker } from './tool.ts';

export type RestRunStepStatus = 'in_progress' | 'cancelled' | 'failed' | 'completed' | 'expired';

export interface RestRunStep {
  id: string;
  object: 'thread.run.step';
  created_at: number;
  assistant_id: string;
  thread_id: string;
  run_id: string;
  type: 'message_creation' | 'tool_calls';
  status: RestRunStepStatus;
  step_details: RestStepDetails;
  last_error: { code: 'server_error' | 'rate_limit_exceeded'; message: string } | null;
  expired_at: number | null;
  cancelled_at: number | null;
  failed_at: number | null;
  completed_at: number | null;
  metadata: RestMetadata | null;
  /** Null while the step is in progress. */
  usage: RestUsage | null;
}

export type RestStepDetails = RestMessageCreationDetails | RestToolCallsDetails;

export interface RestMessageCreationDetails {
  type: 'message_creation';
  message_creation: { message_id: string };
}

export interface RestToolCallsDetails {
  type: 'tool_calls';
  tool_calls: RestToolCall[];
}

export type RestToolCall = RestCodeInterpreterCall | RestFileSearchCall | RestFunctionCall;

export interface RestCodeInterpreterCall {
  id: string;
  type: 'code_interpreter';
  code_interpreter: { input: string; outputs: RestCodeInterpreterOutput[] };
}

export type RestCodeInterpreterOutput = { type: 'logs'; logs: string } | { type: 'image'; image: { file_id: string } };

export interface RestFileSearchCall {
  id: string;
  type: 'file_search';
  file_search: {
    ranking_options?: { ranker: RestRanker; score_threshold: number };
    results?: RestFileSearchResult[];
  };
}

export interface RestFileSearchResult {
  file_id: string;
  file_name: string;
  /** 0 to 1. */
  score: number;
  /** Sent only if `include[]` requests it. */
  content?: { type?: 'text'; text?: string }[];
}

export interface RestFunctionCall {
  id: string;
  type: 'function';
  /** `output` is null until outputs have been submitted. */
  function: { name: string; arguments: string; output: string | null };
}

/** The one value that `include[]` takes, on createRun, listRunSteps and getRunStep. */
export const INCLUDE_FILE_SEARCH_CONTENT = 'step_details.tool_calls[*].file_search.results[*].content';
