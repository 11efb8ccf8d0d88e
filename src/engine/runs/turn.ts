import type { RestRunToolCall } from '../../wire/run.ts';
import type { RestFunctionCall, RestRunStep, RestStepDetails, RestToolCall } from '../../wire/runStep.ts';
import { unixSeconds } from '../clock.ts';
import { newId } from '../ids.ts';
import type { ChatFinishReason, ChatUsage } from '../models/delta.ts';
import type { Citation } from '../store/access/engineCalls.ts';
import type { CodeReader } from '../tools/codeArgument.ts';
import type { EngineToolType } from '../tools/engineTool.ts';
import type { OpenObjects } from './runEnding.ts';
import type { RunTransaction } from './runTransaction.ts';

/** What a turn has from the engine's own tools. */
export interface TurnTools {
  /** The tools by the names under which the model knows them. */
  types: ReadonlyMap<string, EngineToolType>;
  citations: readonly Citation[];
  /** Ids of the image files that are the first parts of the turn's first message. */
  images: readonly string[];
}

const noTools: TurnTools = { types: new Map(), citations: [], images: [] };

/** One model call within a run, and what it has produced so far. */
export interface Turn extends OpenObjects {
  /** All text and refusals. */
  text: string;
  hasMessage: boolean;
  /** The calls of the open `tool_calls` step. */
  calls: RestToolCall[];
  /** Positions within `calls`, by the indices of the model's deltas. */
  functionPositions: Map<number, number>;
  hostedPositions: Map<number, number>;
  tools: TurnTools;
  /** Calls of the engine's own tools, by their positions within `calls`. */
  engineCalls: Map<number, { name: string; written: CodeReader }>;
  /** Undefined until the model says how the completion ended. */
  finish: ChatFinishReason | undefined;
  /** Undefined if the model has not reported it. */
  usage: ChatUsage | undefined;
}

export const newTurn = (tools: TurnTools = noTools): Turn => ({
  text: '',
  hasMessage: false,
  calls: [],
  functionPositions: new Map(),
  hostedPositions: new Map(),
  tools,
  engineCalls: new Map(),
  finish: undefined,
  usage: undefined,
});

/** Creates a step in progress. */
export const begunStep = (transaction: RunTransaction, details: RestStepDetails): RestRunStep => {
  const step: RestRunStep = {
    id: newId('step'),
    object: 'thread.run.step',
    created_at: unixSeconds(),
    run_id: transaction.record.run.id,
    assistant_id: transaction.record.run.assistant_id,
    thread_id: transaction.record.run.thread_id,
    type: details.type,
    status: 'in_progress',
    step_details: details,
    last_error: null,
    expired_at: null,
    cancelled_at: null,
    failed_at: null,
    completed_at: null,
    metadata: {},
    usage: null,
  };
  transaction.recordStep('created', step);
  transaction.recordStep('in_progress', step);
  return step;
};

export const functionCallsOf = ({ calls }: Pick<Turn, 'calls'>): RestFunctionCall[] =>
  calls.filter((call) => call.type === 'function');

/** Calls in the form of `required_action`. */
export const requiredToolCalls = (calls: readonly RestFunctionCall[]): RestRunToolCall[] =>
  calls.map(({ id, type, function: { name, arguments: written } }) => ({
    id,
    type,
    function: { name, arguments: written },
  }));
