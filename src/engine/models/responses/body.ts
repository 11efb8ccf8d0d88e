import type { RestResponseFormat } from '../../../wire/tool.ts';
import { jsonInstruction } from '../endpoint/jsonInstruction.ts';
import type { ChatHostedTool, ChatRequest, ChatTool } from '../model.ts';
import { responseInputOf } from './input.ts';

const functionTool = ({ name, description, parameters, strict }: ChatTool) => ({
  type: 'function',
  name,
  description,
  parameters: parameters ?? { type: 'object', properties: {} },
  // Responses would take a function as strict by default, the Assistants API does not.
  strict: strict ?? false,
});

const hostedTool = (tool: ChatHostedTool) => {
  if (tool.type === 'code_interpreter') {
    return { type: 'code_interpreter', container: { type: 'auto', file_ids: [...tool.fileIds] } };
  }
  const { vectorStoreIds, maxNumResults, ranker, scoreThreshold } = tool;
  const hasRanking = ranker !== undefined || scoreThreshold !== undefined;
  return {
    type: 'file_search',
    vector_store_ids: [...vectorStoreIds],
    max_num_results: maxNumResults,
    // The rankers have other names here; `auto` is the only one of both APIs.
    ranking_options: hasRanking ? { ranker: 'auto', score_threshold: scoreThreshold } : undefined,
  };
};

const includes = {
  file_search: 'file_search_call.results',
  code_interpreter: 'code_interpreter_call.outputs',
} as const;

const formatOf = (format: RestResponseFormat) => {
  if (format === 'auto' || format.type === 'text') return undefined;
  return format.type === 'json_object' ? format : { type: 'json_schema', ...schemaOf(format.json_schema) };
};

const schemaOf = ({
  name,
  description,
  schema,
  strict,
}: Extract<RestResponseFormat, { type: 'json_schema' }>['json_schema']) => ({
  name,
  description,
  schema: schema ?? {},
  strict: strict ?? undefined,
});

const choiceOf = ({ toolChoice }: ChatRequest) => {
  if (typeof toolChoice === 'string') return toolChoice === 'auto' ? undefined : toolChoice;
  return toolChoice.type === 'function'
    ? { type: 'function', name: toolChoice.function?.name }
    : { type: toolChoice.type };
};

/**
 * The body of `POST /responses`, without what `fallbacks` names (see `responseFallbacks`). Members that are undefined are
 * not sent. Nothing is stored at the endpoint.
 */
export const responseBodyOf = (request: ChatRequest, model: string, fallbacks: ReadonlySet<string>) => {
  const without = <T>(name: string, value: T | null | undefined) =>
    fallbacks.has(name) ? undefined : (value ?? undefined);
  const { tools, hostedTools, reasoningEffort, parallelToolCalls, responseFormat } = request;
  const { instructions, input } = responseInputOf(request.messages);
  const inWords = fallbacks.has('text.format') ? jsonInstruction(responseFormat) : undefined;
  const format = without('text.format', formatOf(responseFormat));
  const allTools = [...tools.map(functionTool), ...hostedTools.map(hostedTool)];
  const hasTools = allTools.length > 0;
  const included = without(
    'include',
    hostedTools.map(({ type }) => includes[type]),
  );
  return {
    model,
    instructions: [instructions, inWords].filter((part) => part !== undefined).join('\n\n') || undefined,
    input,
    stream: true,
    store: without('store', false),
    tools: hasTools ? allTools : undefined,
    tool_choice: hasTools ? without('tool_choice', choiceOf(request)) : undefined,
    parallel_tool_calls: hasTools && !parallelToolCalls ? without('parallel_tool_calls', false) : undefined,
    include: included !== undefined && included.length > 0 ? included : undefined,
    text: format === undefined ? undefined : { format },
    reasoning: reasoningEffort === null ? undefined : without('reasoning', { effort: reasoningEffort }),
    temperature: without('temperature', request.temperature),
    top_p: without('top_p', request.topP),
    max_output_tokens: without('max_output_tokens', request.maxTokens),
  };
};
