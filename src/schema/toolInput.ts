import type { FileSearchToolInput, ToolInput } from '../resolvers/toolInput.ts';
import { builder } from './builder.ts';
import { FileSearchRanker } from './tool.ts';

const RankingOptionsInput = builder.inputType('FileSearchRankingOptionsInput', {
  description: 'How the results of a file search are ranked, and which are left out.',
  fields: (t) => ({
    ranker: t.field({ type: FileSearchRanker, description: 'How results are ranked; `AUTO` unless told.' }),
    scoreThreshold: t.float({ required: true, description: 'Results that score less are left out; 0 to 1.' }),
  }),
});

const FileSearchToolInputType = builder.inputRef<FileSearchToolInput>('FileSearchToolInput').implement({
  description: 'How a file search goes about it. `{}` leaves all of it to the server.',
  fields: (t) => ({
    maxNumResults: t.int({ description: 'The most results that a search may return; 1 to 50.' }),
    rankingOptions: t.field({ type: RankingOptionsInput, description: 'How results are ranked.' }),
  }),
});

const FunctionInput = builder.inputType('FunctionInput', {
  description: 'A function of your application that the model may ask to be called.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'Letters, digits, `_` and `-`; up to 64 characters.' }),
    description: t.string({ description: 'What it does, for the model to know when to call it.' }),
    parameters: t.field({
      type: 'JSON',
      description: 'The arguments that it takes, as a JSON Schema object. It takes none where this is left out.',
    }),
    strict: t.boolean({ description: 'Whether arguments must always keep to the schema; false unless told.' }),
  }),
});

export const ToolInputType = builder.inputRef<ToolInput>('ToolInput').implement({
  description: 'Something that an assistant may use while it runs. Exactly one member.',
  isOneOf: true,
  fields: (t) => ({
    codeInterpreter: t.boolean({ description: 'The code interpreter; only ever true.' }),
    fileSearch: t.field({ type: FileSearchToolInputType, description: 'File search.' }),
    function: t.field({ type: FunctionInput, description: 'A function of your application.' }),
  }),
});
