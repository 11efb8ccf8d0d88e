import type { RestMetadata } from './page.ts';

export type RestMessageRole = 'user' | 'assistant';

export type RestMessageStatus = 'in_progress' | 'incomplete' | 'completed';

export interface RestMessage {
  id: string;
  object: 'thread.message';
  created_at: number;
  thread_id: string;
  /** The hosted API omits it in messages created by users. */
  status: RestMessageStatus;
  incomplete_details: { reason: RestMessageIncompleteReason } | null;
  completed_at: number | null;
  incomplete_at: number | null;
  role: RestMessageRole;
  content: RestMessageContent[];
  assistant_id: string | null;
  run_id: string | null;
  attachments: RestAttachment[] | null;
  metadata: RestMetadata | null;
}

export type RestMessageIncompleteReason =
  | 'content_filter'
  | 'max_tokens'
  | 'run_cancelled'
  | 'run_expired'
  | 'run_failed';

export type RestMessageContent = RestTextContent | RestImageFileContent | RestImageUrlContent | RestRefusalContent;

export interface RestTextContent {
  type: 'text';
  text: { value: string; annotations: RestAnnotation[] };
}

export interface RestImageFileContent {
  type: 'image_file';
  image_file: { file_id: string; detail?: RestImageDetail | undefined };
}

export interface RestImageUrlContent {
  type: 'image_url';
  image_url: { url: string; detail?: RestImageDetail | undefined };
}

export interface RestRefusalContent {
  type: 'refusal';
  refusal: string;
}

export type RestImageDetail = 'auto' | 'low' | 'high';

export type RestAnnotation = RestFileCitation | RestFilePath;

export interface RestFileCitation {
  type: 'file_citation';
  /** The part of the message's text that represents the citation. */
  text: string;
  file_citation: { file_id: string };
  start_index: number;
  end_index: number;
}

export interface RestFilePath {
  type: 'file_path';
  text: string;
  file_path: { file_id: string };
  start_index: number;
  end_index: number;
}

export interface RestAttachment {
  file_id?: string | undefined;
  tools?: RestAttachmentTool[] | undefined;
}

export interface RestAttachmentTool {
  type: 'code_interpreter' | 'file_search';
}

/** A content part in a request: its text is a plain string, which is an object in responses. */
export type RestMessageContentInput = { type: 'text'; text: string } | RestImageFileContent | RestImageUrlContent;

export interface CreateMessageBody {
  role: RestMessageRole;
  content: string | RestMessageContentInput[];
  attachments?: RestAttachment[] | null | undefined;
  metadata?: RestMetadata | null | undefined;
}

export interface ModifyMessageBody {
  metadata?: RestMetadata | null | undefined;
}
