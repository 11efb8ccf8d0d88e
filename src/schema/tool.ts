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

export const Tool = openUnion<Received<RestTool>>('Tool', 'Something that an assistant may use while it runs.', {
  code_interpreter: 'AssistantToolsCode',
  file_search: 'AssistantToolsFileSearch',
  function: 'AssistantToolsFunction',
});

export const FileSearchRanker = builder.enumType('FileSearchRanker', {
  description: 'How the results of a file search are ranked.',
  values: {
    AUTO: { value: 'auto', description: 'As the server sees fit.' },
    DEFAULT_2024_08_21: { value: 'default_2024_08_21', description: 'The ranker of 21 August 2024.' },
    ...unknownValue,
  } as const,
});

export const FileSearchRankingOptions = builder
  .objectRef<Received<RestRankingOptions>>('FileSearchRankingOptions')
  .implement({
    description: 'How the results of a file search are ranked, and which are left out.',
    fields: (t) => ({
      ranker: t.expose('ranker', { type: FileSearchRanker, nullable: true, description: 'How results are ranked.' }),
      scoreThreshold: t.exposeFloat('score_threshold', {
        nullable: true,
        description: 'Results that score less are left out; 0 to 1.',
      }),
    }),
  });

const FileSearchSettings = builder
  .objectRef<NonNullable<Received<RestFileSearchTool>['file_search']>>('FileSearchSettings')
  .implement({
    description: 'How a file search goes about it.',
    fields: (t) => ({
      maxNumResults: t.exposeInt('max_num_results', {
        nullable: true,
        description: 'The most results that a search may return; 1 to 50. Null where the server decides.',
      }),
      rankingOptions: t.expose('ranking_options', {
        type: FileSearchRankingOptions,
        nullable: true,
        description: 'How results are ranked. Null where the server decides.',
      }),
    }),
  });

builder.objectRef<Received<RestCodeInterpreterTool>>('AssistantToolsCode').implement({
  description: 'The code interpreter: runs Python in a sandbox.',
  interfaces: [Tool, AttachmentTool],
});

builder.objectRef<Received<RestFileSearchTool>>('AssistantToolsFileSearch').implement({
  description: 'File search: finds passages in the files of a vector store.',
  interfaces: [Tool, AttachmentTool],
  fields: (t) => ({
    fileSearch: t.expose('file_search', {
      type: FileSearchSettings,
      nullable: true,
      description: 'How it searches. Null if nothing is set, and always in an attachment.',
    }),
  }),
});

const FunctionType = builder.objectRef<Received<RestFunction>>('Function').implement({
  description: 'A function of your application that the model may ask to be called.',
  fields: (t) => ({
    name: t.exposeString('name', { nullable: true, description: 'What the model calls it by.' }),
    description: t.exposeString('description', {
      nullable: true,
      description: 'What it does, for the model to know when to call it.',
    }),
    parameters: t.expose('parameters', {
      type: 'JSON',
      nullable: true,
      description: 'The arguments that it takes, as a JSON Schema object. Null where it takes none.',
    }),
    strict: t.exposeBoolean('strict', {
      nullable: true,
      description: 'Whether arguments always keep to the schema.',
    }),
  }),
});

builder.objectRef<Received<RestFunctionTool>>('AssistantToolsFunction').implement({
  description: 'A function of your application: a run waits in `REQUIRES_ACTION` until its output is submitted.',
  interfaces: [Tool],
  fields: (t) => ({
    function: t.expose('function', { type: FunctionType, nullable: true, description: 'The function.' }),
  }),
});
