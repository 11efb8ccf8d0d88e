import type { RestRun } from '../../wire/run.ts';
import type { RestTool, RestToolChoice } from '../../wire/tool.ts';
import type { ChatHostedTool, ChatRequest, ChatTool } from '../models/model.ts';
import { estimateTokens } from '../models/tokens.ts';
import type { RunRecord } from '../store/access/runs.ts';
import { type RunResources, resourcesOf } from '../tools/runResources.ts';
import { ownToolsOf } from './ownTools.ts';
import type { Prompt } from './prompt.ts';
import type { WorkerDependencies } from './workerDependencies.ts';

/** What a request has in addition to the prompt. */
export type RequestSettings = Omit<ChatRequest, 'messages' | 'signal'>;

const hostedTool = (tool: RestTool, { fileIds, vectorStoreIds }: RunResources): ChatHostedTool[] => {
  if (tool.type === 'code_interpreter') return [{ type: 'code_interpreter', fileIds }];
  // A search of no store is an error for those that host the tool.
  if (tool.type !== 'file_search' || vectorStoreIds.length === 0) return [];
  const { max_num_results: maxNumResults, ranking_options: ranking } = tool.file_search ?? {};
  const { ranker, score_threshold: scoreThreshold } = ranking ?? {};
  return [{ type: 'file_search', vectorStoreIds, maxNumResults, ranker, scoreThreshold }];
};

/** The tools of the run that the model hosts, if the engine does not run them: it searches its own vector stores only. */
const hostedToolsOf = async (
  { store, model, engineTools }: WorkerDependencies,
  record: RunRecord,
  own: readonly ChatTool[],
): Promise<ChatHostedTool[]> => {
  const isOwn = (type: ChatHostedTool['type']) =>
    type === 'file_search' ? own.some(({ engineTool }) => engineTool === type) : engineTools.has(type);
  const types = model.hostedTools.filter((type) => !isOwn(type));
  const hosted = record.run.tools.filter(({ type }) => types.some((each) => each === type));
  if (hosted.length === 0) return [];
  const resources = await resourcesOf(store, record.run);
  return hosted.flatMap((tool) => hostedTool(tool, resources));
};

/**
 * A choice that forces a call applies until there has been one; after that, the model could never write a message. It does
 * not apply to a tool that the model does not get.
 */
const toolChoiceOf = (
  { tool_choice: choice }: RestRun,
  { tools, hostedTools }: Pick<ChatRequest, 'tools' | 'hostedTools'>,
  isFirstTurn: boolean,
): RestToolChoice => {
  if (choice === null || choice === 'none') return choice ?? 'auto';
  if (!isFirstTurn) return 'auto';
  if (typeof choice === 'string' || choice.type === 'function') return choice;
  const own = tools.find(({ engineTool }) => engineTool === choice.type);
  if (own !== undefined) return { type: 'function', function: { name: own.name } };
  return hostedTools.some(({ type }) => type === choice.type) ? choice : 'auto';
};

/** The settings of the next call. `maxTokens` is what is left of the run's limit. */
export const requestSettingsOf = async (
  dependencies: WorkerDependencies,
  record: RunRecord,
  isFirstTurn: boolean,
): Promise<RequestSettings> => {
  const { run, progress } = record;
  const limit = run.max_completion_tokens;
  const own = await ownToolsOf(dependencies, record);
  const hostedTools = await hostedToolsOf(dependencies, record, own);
  const functions = run.tools.flatMap((tool) => (tool.type === 'function' ? [tool.function] : []));
  const tools: ChatTool[] = [...functions, ...own];
  return {
    model: run.model,
    tools,
    hostedTools,
    toolChoice: toolChoiceOf(run, { tools, hostedTools }, isFirstTurn),
    parallelToolCalls: run.parallel_tool_calls,
    responseFormat: run.response_format ?? 'auto',
    ...progress.settings,
    maxTokens: limit === null ? null : limit - progress.spent.completion,
  };
};

/** The completion may take at most this part of the context from the prompt. */
const largestCompletion = 1 / 2;
/** What the prompt leaves to a completion without a limit. */
const usualCompletion = 1 / 4;

/** Tokens that the template of a model may add to a prompt. */
const templateTokens = 64;

/** The tokens of what a request has in addition to its messages. */
const extraTokensOf = ({ tools, responseFormat }: RequestSettings): number =>
  tools.length === 0 && responseFormat === 'auto' ? 0 : estimateTokens(JSON.stringify([tools, responseFormat]));

/** How many tokens the prompt may have, so that tools and a completion fit into the context as well. */
export const promptRoomOf = (contextTokens: number, settings: RequestSettings): number => {
  const limit = settings.maxTokens ?? contextTokens * usualCompletion;
  return Math.floor(contextTokens - Math.min(limit, contextTokens * largestCompletion) - extraTokensOf(settings));
};

/** The token limit of the completion: what the run allows, and what the prompt leaves of the context. */
export const completionLimitOf = (
  contextTokens: number | undefined,
  settings: RequestSettings,
  prompt: Prompt,
): number | null => {
  const { maxTokens } = settings;
  const taken = prompt.tokens + extraTokensOf(settings) + templateTokens;
  const left = (contextTokens ?? Number.POSITIVE_INFINITY) - taken;
  // If the estimate leaves nothing, it says no more than that the model may reject the prompt.
  return maxTokens === null || left <= 0 ? maxTokens : Math.min(maxTokens, left);
};
