import type { RestMetadata } from './page.ts';
import type { RestResponseFormat, RestTool, RestToolResources, RestToolResourcesCreate } from './tool.ts';

/** An assistant. Times are Unix seconds (UTC), here and in every object of the API. */
export interface RestAssistant {
  id: string;
  object: 'assistant';
  created_at: number;
  name: string | null;
  description: string | null;
  model: string;
  instructions: string | null;
  tools: RestTool[];
  tool_resources?: RestToolResources | null;
  metadata: RestMetadata | null;
  /** 0 to 2. */
  temperature?: number | null;
  /** 0 to 1. */
  top_p?: number | null;
  response_format?: RestResponseFormat | null;
}

export type RestReasoningEffort = 'none' | 'minimal' | 'low' | 'medium' | 'high' | 'xhigh' | 'max';

/** The value of `include[]` that adds an assistant's reasoning effort to lists. An extension of the embedded engine. */
export const INCLUDE_REASONING_EFFORT = 'reasoning_effort';

/** The body of createAssistant. A member that is undefined is not sent; null is sent as null. */
export interface CreateAssistantBody {
  model: string;
  name?: string | null | undefined;
  description?: string | null | undefined;
  instructions?: string | null | undefined;
  /** Accepted in requests, not part of responses. */
  reasoning_effort?: RestReasoningEffort | null | undefined;
  tools?: RestTool[] | undefined;
  tool_resources?: RestToolResourcesCreate | null | undefined;
  metadata?: RestMetadata | null | undefined;
  temperature?: number | null | undefined;
  top_p?: number | null | undefined;
  response_format?: RestResponseFormat | null | undefined;
}

/** The body of modifyAssistant: absent members keep their values. */
export interface ModifyAssistantBody extends Omit<Partial<CreateAssistantBody>, 'model' | 'tool_resources'> {
  model?: string | undefined;
  tool_resources?: RestToolResources | null | undefined;
}
