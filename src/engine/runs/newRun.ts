import type { RestAssistant } from '../../wire/assistant.ts';
import type { CreateRunBody, RestRun } from '../../wire/run.ts';
import { unixSeconds } from '../clock.ts';
import { httpErrors } from '../httpErrors.ts';
import { newId } from '../ids.ts';
import type { ModelSettings } from '../store/modelSettings.ts';
import type { RunRecord } from '../store/access/runs.ts';
import { noUsage } from './usage.ts';

const instructionsOf = (assistant: RestAssistant, body: CreateRunBody): string =>
  [body.instructions ?? assistant.instructions, body.additional_instructions]
    .filter((part) => part !== null && part !== undefined && part !== '')
    .join('\n');

/** @throws {HttpError} 400 if the tool choice names a function that is not among the run's tools. */
const checkToolChoice = ({ tool_choice: choice, tools }: RestRun) => {
  if (choice === null || typeof choice === 'string' || choice.function === undefined) return;
  const { name } = choice.function;
  if (!tools.some((tool) => tool.type === 'function' && tool.function.name === name)) {
    throw httpErrors.unknownFunction(name);
  }
};

/**
 * A queued run of the assistant on the thread. Settings in the body override those of the assistant, which are copied;
 * `settings` are those that the assistant does not show.
 * @throws {HttpError} 400
 */
export const newRun = (
  threadId: string,
  assistant: RestAssistant,
  settings: ModelSettings,
  body: CreateRunBody,
  lifetimeSeconds: number,
): RunRecord => {
  const now = Date.now();
  const createdAt = unixSeconds(now);
  const run: RestRun = {
    id: newId('run'),
    object: 'thread.run',
    created_at: createdAt,
    thread_id: threadId,
    assistant_id: assistant.id,
    status: 'queued',
    required_action: null,
    last_error: null,
    expires_at: createdAt + Math.ceil(lifetimeSeconds),
    started_at: null,
    cancelled_at: null,
    failed_at: null,
    completed_at: null,
    incomplete_details: null,
    model: body.model ?? assistant.model,
    instructions: instructionsOf(assistant, body),
    tools: body.tools ?? assistant.tools,
    metadata: body.metadata ?? {},
    usage: null,
    temperature: body.temperature ?? assistant.temperature ?? 1,
    top_p: body.top_p ?? assistant.top_p ?? 1,
    max_prompt_tokens: body.max_prompt_tokens ?? null,
    max_completion_tokens: body.max_completion_tokens ?? null,
    truncation_strategy: { last_messages: null, ...(body.truncation_strategy ?? { type: 'auto' }) },
    tool_choice: body.tool_choice ?? 'auto',
    parallel_tool_calls: body.parallel_tool_calls ?? true,
    response_format: body.response_format ?? assistant.response_format ?? 'auto',
  };
  checkToolChoice(run);
  return {
    run,
    expiresAt: now + lifetimeSeconds * 1000,
    claimAfter: now,
    lease: null,
    lastEvent: 0,
    progress: {
      usage: noUsage,
      pendingUsage: null,
      spent: { prompt: 0, completion: 0 },
      isCalling: false,
      hasServerCalls: false,
      endedSteps: 0,
      settings: {
        temperature: body.temperature ?? settings.temperature,
        topP: body.top_p ?? settings.topP,
        reasoningEffort: body.reasoning_effort ?? settings.reasoningEffort,
      },
    },
  };
};
