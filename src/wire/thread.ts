import type { CreateMessageBody } from './message.ts';
import type { RestMetadata } from './page.ts';
import type { RestToolResources, RestToolResourcesCreate } from './tool.ts';

export interface RestThread {
  id: string;
  object: 'thread';
  created_at: number;
  tool_resources: RestToolResources | null;
  metadata: RestMetadata | null;
}

export interface CreateThreadBody {
  messages?: CreateMessageBody[] | undefined;
  tool_resources?: RestToolResourcesCreate | null | undefined;
  metadata?: RestMetadata | null | undefined;
}

export interface ModifyThreadBody {
  tool_resources?: RestToolResources | null | undefined;
  metadata?: RestMetadata | null | undefined;
}
