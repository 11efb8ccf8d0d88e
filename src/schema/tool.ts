import type { Received } from '../rest/received.ts';
import type {
  RestCodeInterpreterTool,
  RestFileSearchTool,
  RestFunction,
  RestFunctionTool,
  RestRankingOptions,
  RestTool,
} from '../wire/tool.ts';
import { AttachmentTool } from './attachment.ts';
import { builder } from './builder.ts';
import { unknownValue } from './openEnum.ts';
import { openUnion } from './openUnion.ts';

export const Tool = openUnion<Received<RestTool>>('Tool', 'A tool that an assistant can use.', {
  code_interpreter: 'AssistantToolsCode',
  file_search: 'AssistantToolsFileSearch',
  function: 'AssistantToolsFunction',
});

export const FileSearchRanker = builder.enumType('FileSearchRanker', {
  description: 'The ranker for file search results.',
  values: {
    AUTO: { value: 'auto', description: 'The server chooses.' },
    DEFAULT_2024_08_21: { value: 'default_2024_08_21', description: 'The ranker released on 21 August 2024.' },
    ...unknownValue,
  } as const,
});

export const FileSearchRankingOptions = builder
  .objectRef<Received<RestRankingOptions>>('FileSearchRankingOptions')
  .implement({
    description: 'The ranking options for file search.',
    fields: (t) => ({
      ranker: t.expose('ranker', {
        type: FileSearchRanker,
        nullable: true,
        description: 'The ranker for the results.',
      }),
      scoreThreshold: t.exposeFloat('score_threshold', {
        nullable: true,
        description: 'The minimum score of a result, from 0 to 1.',
      }),
    }),
  });

const FileSearchSettings = builder
  .objectRef<NonNullable<Received<RestFileSearchTool>['file_search']>>('FileSearchSettings')
  .implement({
    description: 'The settings of file search.',
    fields: (t) => ({
      maxNumResults: t.exposeInt('max_num_results', {
        nullable: true,
        description: 'The maximum number of results, from 1 to 50. Null if the server decides.',
      }),
      rankingOptions: t.expose('ranking_options', {
        type: FileSearchRankingOptions,
        nullable: true,
        description: 'The ranking options. Null if the server decides.',
      }),
    }),
  });

builder.objectRef<Received<RestCodeInterpreterTool>>('AssistantToolsCode').implement({
  description: 'The code interpreter tool: runs Python code in a sandbox.',
  interfaces: [Tool, AttachmentTool],
});

builder.objectRef<Received<RestFileSearchTool>>('AssistantToolsFileSearch').implement({
  description: 'The file search tool: searches the files of vector stores.',
  interfaces: [Tool, AttachmentTool],
  fields: (t) => ({
    fileSearch: t.expose('file_search', {
      type: FileSearchSettings,
      nullable: true,
      description: 'The settings of file search. Null if none are set, and always in an attachment.',
    }),
  }),
});

const FunctionType = builder.objectRef<Received<RestFunction>>('Function').implement({
  description: 'A function of your application that the model can call.',
  fields: (t) => ({
    name: t.exposeString('name', { nullable: true, description: 'The name of the function.' }),
    description: t.exposeString('description', {
      nullable: true,
      description: 'What the function does. The model uses it to decide when to call the function.',
    }),
    parameters: t.expose('parameters', {
      type: 'JSON',
      nullable: true,
      description: 'The parameters of the function, as a JSON Schema object. Null if it takes none.',
    }),
    strict: t.exposeBoolean('strict', {
      nullable: true,
      description: 'Whether the arguments strictly follow the schema.',
    }),
  }),
});

builder.objectRef<Received<RestFunctionTool>>('AssistantToolsFunction').implement({
  description: 'The function tool: a call of it puts the run into `REQUIRES_ACTION` until its output is submitted.',
  interfaces: [Tool],
  fields: (t) => ({
    function: t.expose('function', { type: FunctionType, nullable: true, description: 'The function.' }),
  }),
});
