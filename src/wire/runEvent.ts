import type {
  RestFileCitation,
  RestFilePath,
  RestImageFileContent,
  RestImageUrlContent,
  RestMessage,
} from './message.ts';
import type { RestRun } from './run.ts';
import type { RestRunStatus } from './runStatus.ts';
import type { RestRunStep, RestRunStepStatus } from './runStep.ts';
import type { RestThread } from './thread.ts';

/**
 * The events of a streamed run, by the name of the server-sent event. `error` and `done`, which end a stream, carry no
 * object and are not included.
 */
export type RestRunEvent =
  | { event: 'thread.created'; data: RestThread }
  | { event: `thread.run.${'created' | RestRunStatus}`; data: RestRun }
  | { event: `thread.run.step.${'created' | RestRunStepStatus}`; data: RestRunStep }
  | { event: 'thread.run.step.delta'; data: RestRunStepDelta }
  | { event: `thread.message.${'created' | 'in_progress' | 'completed' | 'incomplete'}`; data: RestMessage }
  | { event: 'thread.message.delta'; data: RestMessageDelta };

/** An addition to a message. Parts are merged by their `index`, and texts are appended. */
export interface RestMessageDelta {
  id: string;
  object: 'thread.message.delta';
  delta: { role?: RestMessage['role']; content?: RestMessageContentDelta[] };
}

export type RestMessageContentDelta =
  | { index: number; type: 'text'; text?: { value?: string; annotations?: RestAnnotationDelta[] } }
  | ({ index: number } & Pick<RestImageFileContent, 'type'> & Partial<RestImageFileContent>)
  | ({ index: number } & Pick<RestImageUrlContent, 'type'> & Partial<RestImageUrlContent>)
  | { index: number; type: 'refusal'; refusal?: string };

export type RestAnnotationDelta =
  | ({ index: number } & Pick<RestFileCitation, 'type'> & Partial<RestFileCitation>)
  | ({ index: number } & Pick<RestFilePath, 'type'> & Partial<RestFilePath>);

/** An addition to a step, merged as RestMessageDelta is. */
export interface RestRunStepDelta {
  id: string;
  object: 'thread.run.step.delta';
  delta: { step_details?: RestStepDetailsDelta };
}

export type RestStepDetailsDelta =
  | { type: 'message_creation'; message_creation?: { message_id?: string } }
  | { type: 'tool_calls'; tool_calls?: RestToolCallDelta[] };

/** `id`, and a function's `name`, are only in the first delta of a call. */
export type RestToolCallDelta =
  | {
      index: number;
      id?: string;
      type: 'code_interpreter';
      code_interpreter?: { input?: string; outputs?: RestCodeInterpreterOutputDelta[] };
    }
  | { index: number; id?: string; type: 'file_search'; file_search: Record<string, unknown> }
  | {
      index: number;
      id?: string;
      type: 'function';
      function?: { name?: string; arguments?: string; output?: string | null };
    };

export type RestCodeInterpreterOutputDelta =
  | { index: number; type: 'logs'; logs?: string }
  | { index: number; type: 'image'; image?: { file_id?: string } };
