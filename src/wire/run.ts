import type { RestReasoningEffort } from './assistant.ts';
import type { CreateMessageBody } from './message.ts';
import type { RestMetadata } from './page.ts';
import type { RestRunStatus } from './runStatus.ts';
import type { CreateThreadBody } from './thread.ts';
import type { RestResponseFormat, RestTool, RestToolChoice, RestToolResources } from './tool.ts';

export interface RestRun {
  id: string;
  object: 'thread.run';
  created_at: number;
  thread_id: string;
  assistant_id: string;
  status: RestRunStatus;
  /** Non-null only while the status is `requires_action`. */
  required_action: RestRequiredAction | null;
  last_error: RestRunLastError | null;
  /** 600 seconds after creation; null once the run has ended. */
  expires_at: number | null;
  started_at: number | null;
  cancelled_at: number | null;
  failed_at: number | null;
  completed_at: number | null;
  incomplete_details: { reason?: RestRunIncompleteReason } | null;
  model: string;
  instructions: string;
  tools: RestTool[];
  metadata: RestMetadata | null;
  /** Null until the run has ended. */
  usage: RestUsage | null;
  temperature?: number | null;
  top_p?: number | null;
  max_prompt_tokens: number | null;
  max_completion_tokens: number | null;
  truncation_strategy: RestTruncation | null;
  tool_choice: RestToolChoice | null;
  parallel_tool_calls: boolean;
  response_format: RestResponseFormat | null;
}

export type RestRunIncompleteReason = 'max_completion_tokens' | 'max_prompt_tokens';

export interface RestRunLastError {
  code: 'server_error' | 'rate_limit_exceeded' | 'invalid_prompt';
  message: string;
}

export interface RestRequiredAction {
  type: 'submit_tool_outputs';
  submit_tool_outputs: { tool_calls: RestRunToolCall[] };
}

export interface RestRunToolCall {
  id: string;
  type: 'function';
  /** `arguments` is a JSON string that a model wrote, so it may not parse. */
  function: { name: string; arguments: string };
}

export interface RestUsage {
  completion_tokens: number;
  prompt_tokens: number;
  total_tokens: number;
  /** Missing if the server does not count them. `cached_tokens` are part of `prompt_tokens`. */
  prompt_token_details?: { cached_tokens: number };
  /** The same under its Chat Completions name, which some compatible servers use. */
  prompt_tokens_details?: { cached_tokens: number };
}

export interface RestTruncation {
  type: 'auto' | 'last_messages';
  /** 1 or more; used with the type `last_messages`. */
  last_messages?: number | null | undefined;
}

/** Parameters that createRun and createThreadAndRun have in common. */
export interface RunOptionsBody {
  assistant_id: string;
  model?: string | null | undefined;
  instructions?: string | null | undefined;
  /** At most 20. */
  tools?: RestTool[] | null | undefined;
  metadata?: RestMetadata | null | undefined;
  temperature?: number | null | undefined;
  top_p?: number | null | undefined;
  stream?: boolean | null | undefined;
  /** 256 or more. */
  max_prompt_tokens?: number | null | undefined;
  /** 256 or more. */
  max_completion_tokens?: number | null | undefined;
  truncation_strategy?: RestTruncation | null | undefined;
  tool_choice?: RestToolChoice | null | undefined;
  parallel_tool_calls?: boolean | undefined;
  response_format?: RestResponseFormat | null | undefined;
}

export interface CreateRunBody extends RunOptionsBody {
  reasoning_effort?: RestReasoningEffort | null | undefined;
  additional_instructions?: string | null | undefined;
  additional_messages?: CreateMessageBody[] | null | undefined;
}

export interface CreateThreadAndRunBody extends RunOptionsBody {
  thread?: CreateThreadBody | undefined;
  tool_resources?: RestToolResources | null | undefined;
}

export interface ModifyRunBody {
  metadata?: RestMetadata | null | undefined;
}

export interface SubmitToolOutputsBody {
  tool_outputs: RestToolOutput[];
  stream?: boolean | null | undefined;
}

export interface RestToolOutput {
  tool_call_id?: string | undefined;
  /** Kept byte for byte. */
  output?: string | undefined;
}
