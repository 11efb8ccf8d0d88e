import type { RestFileSearchCall } from '../../wire/runStep.ts';
import type { RestFileSearchTool } from '../../wire/tool.ts';
import { estimateTokens } from '../models/tokens.ts';
import type { SearchIndex } from '../search/searchIndex.ts';
import type { EngineTool, EngineToolRequest, EngineToolResult, ToolDefinition } from '../tools/engineTool.ts';
import { markActive } from '../vectorStores/activity.ts';
import { searchStores, type StoreSearchResult } from '../vectorStores/searchStores.ts';
import { queriesIn } from './arguments.ts';
import { indexed, storesOf } from './runStores.ts';

const definition: ToolDefinition = {
  description:
    'Searches the files that the user or the developer has provided. Write queries that name what is wanted, in different words. After a statement that a result supports, write the marker of the result exactly as it is given, such as 【4:0†name.pdf】.',
  parameters: {
    type: 'object',
    properties: {
      queries: { type: 'array', items: { type: 'string' }, description: 'One to five queries.' },
    },
    required: ['queries'],
    additionalProperties: false,
  },
};

/** As in the hosted API. */
const DEFAULT_RESULTS = 20;
/** Tokens of the results of one call, as in the hosted API. */
const MAX_TOKENS = 16_000;
/** The part of a model's context that the results of one call may take. */
const CONTEXT_PART = 1 / 4;

/** The results as long as they fit; at least one. */
const fitting = (results: readonly StoreSearchResult[], contextTokens: number | undefined): StoreSearchResult[] => {
  let left = Math.min(MAX_TOKENS, (contextTokens ?? Number.POSITIVE_INFINITY) * CONTEXT_PART);
  return results.filter(({ text }, index) => {
    left -= estimateTokens(text);
    return left >= 0 || index === 0;
  });
};

/** A result with the marker that stands for it in the model's text. Brackets in a name would end the marker. */
const marked = (results: readonly StoreSearchResult[], call: number) =>
  results.map((result, index) => ({
    ...result,
    marker: `【${call}:${index}†${result.filename.replaceAll(/[【】†]/gu, '_')}】`,
  }));

/** A number that no other call of the run has, and that grows with the thread. */
const numberOf = async ({ id, run, store }: EngineToolRequest): Promise<number> => {
  const calls = await store.engineCalls.ofRun(run.id);
  return (await store.messages.count(run.thread_id)) + calls.findIndex((call) => call.id === id);
};

const settingsOf = ({ run }: EngineToolRequest) => {
  const tool = run.tools.find((each): each is RestFileSearchTool => each.type === 'file_search');
  const { max_num_results: limit = DEFAULT_RESULTS, ranking_options: ranking } = tool?.file_search ?? {};
  return { limit, ranker: ranking?.ranker ?? 'auto', scoreThreshold: ranking?.score_threshold ?? 0 };
};

const nothing = (output: string): EngineToolResult => ({ type: 'file_search', output, search: { results: [] } });

/** The file search, over the vector stores of a run's thread and assistant. `contextTokensOf` as a model has it. */
export const engineFileSearch = (
  index: SearchIndex,
  contextTokensOf: (model: string) => number | undefined,
): EngineTool => ({
  type: 'file_search',

  definitionFor: async ({ run, store }) => ((await storesOf(store, run)).length > 0 ? definition : undefined),

  call: async (request, signal) => {
    const { run, store } = request;
    const queries = queriesIn(request.arguments);
    if (queries.length === 0)
      return nothing('The arguments must be JSON with an array of texts in the member "queries".');
    const stores = await storesOf(store, run);
    const usable = stores.filter(({ status }) => status !== 'expired');
    if (usable.length === 0) {
      return nothing(stores.length === 0 ? 'There are no files.' : 'The vector store with the files has expired.');
    }
    await indexed(store, usable, signal);
    const { limit, ranker, scoreThreshold } = settingsOf(request);
    const found = await searchStores(store, index, {
      vectorStoreIds: usable.map(({ id }) => id),
      queries,
      limit,
      scoreThreshold,
    });
    signal.throwIfAborted();
    await markActive(store, usable);
    const results = marked(fitting(found, contextTokensOf(run.model)), await numberOf(request));
    const search: RestFileSearchCall['file_search'] = {
      ranking_options: { ranker, score_threshold: scoreThreshold },
      results: results.map(({ file, filename, score, text }) => ({
        file_id: file.id,
        file_name: filename,
        score,
        content: [{ type: 'text', text }],
      })),
    };
    return {
      type: 'file_search',
      output:
        results.length === 0
          ? 'Nothing was found.'
          : results.map(({ marker, text }) => `${marker}\n${text.trim()}`).join('\n\n'),
      citations: results.map(({ marker, file }) => ({ type: 'file_citation', text: marker, fileId: file.id })),
      search,
    };
  },

  close: () => Promise.resolve(),
});
