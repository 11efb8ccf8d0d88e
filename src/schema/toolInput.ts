import type { FileSearchToolInput, ToolInput } from '../resolvers/toolInput.ts';
import { builder } from './builder.ts';
import { FileSearchRanker } from './tool.ts';

const RankingOptionsInput = builder.inputType('FileSearchRankingOptionsInput', {
  description: 'The ranking options for file search.',
  fields: (t) => ({
    ranker: t.field({ type: FileSearchRanker, description: 'The ranker for the results. Defaults to `AUTO`.' }),
    scoreThreshold: t.float({ required: true, description: 'The minimum score of a result, from 0 to 1.' }),
  }),
});

const FileSearchToolInputType = builder.inputRef<FileSearchToolInput>('FileSearchToolInput').implement({
  description: 'The settings of file search. With `{}`, the server decides.',
  fields: (t) => ({
    maxNumResults: t.int({ description: 'The maximum number of results, from 1 to 50.' }),
    rankingOptions: t.field({ type: RankingOptionsInput, description: 'The ranker for the results.' }),
  }),
});

const FunctionInput = builder.inputType('FunctionInput', {
  description: 'A function of your application that the model can call.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'The name: letters, digits, `_` and `-`. Up to 64 characters.' }),
    description: t.string({
      description: 'What the function does. The model uses it to decide when to call the function.',
    }),
    parameters: t.field({
      type: 'JSON',
      description: 'The parameters of the function, as a JSON Schema object. If left out, it takes none.',
    }),
    strict: t.boolean({ description: 'Whether the arguments must strictly follow the schema. Defaults to false.' }),
  }),
});

export const ToolInputType = builder.inputRef<ToolInput>('ToolInput').implement({
  description: 'A tool to enable. Set exactly one field, and not to null.',
  isOneOf: true,
  fields: (t) => ({
    codeInterpreter: t.boolean({ description: 'The code interpreter. Can only be true.' }),
    fileSearch: t.field({ type: FileSearchToolInputType, description: 'File search.' }),
    function: t.field({ type: FunctionInput, description: 'A function of your application.' }),
  }),
});
