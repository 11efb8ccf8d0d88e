import type { Received } from '../rest/received.ts';
import type {
  RestCodeInterpreterCall,
  RestCodeInterpreterOutput,
  RestFileSearchCall,
  RestFileSearchResult,
  RestToolCall,
} from '../wire/runStep.ts';
import { builder } from './builder.ts';
import { openUnion } from './openUnion.ts';
import { FileSearchRankingOptions } from './tool.ts';

export const ToolCall = openUnion<Received<RestToolCall>>('ToolCall', 'One use of a tool within a step.', {
  code_interpreter: 'CodeInterpreterToolCall',
  file_search: 'FileSearchToolCall',
  function: 'FunctionToolCall',
});

builder.interfaceField(ToolCall, 'id', (t) =>
  t.id({
    nullable: false,
    description: 'REST id of the call. Empty only where a kind of call that this graph does not know has none.',
    resolve: ({ id }) => id ?? '',
  }),
);

export const CodeInterpreterOutput = openUnion<Received<RestCodeInterpreterOutput>>(
  'CodeInterpreterOutput',
  'Something that the code interpreter put out.',
  { logs: 'CodeInterpreterLogsOutput', image: 'CodeInterpreterImageOutput' },
);

builder.objectRef<{ type: 'logs'; logs?: string | null | undefined }>('CodeInterpreterLogsOutput').implement({
  description: 'Text that the code printed.',
  interfaces: [CodeInterpreterOutput],
  fields: (t) => ({
    logs: t.exposeString('logs', { nullable: true, description: 'The text.' }),
  }),
});

const CodeInterpreterImage = builder
  .objectRef<{ file_id?: string | null | undefined }>('CodeInterpreterImage')
  .implement({
    description: 'The file that holds an image.',
    fields: (t) => ({
      fileId: t.exposeID('file_id', { nullable: true, description: 'Id of the file.' }),
    }),
  });

builder
  .objectRef<{ type: 'image'; image?: { file_id?: string | null | undefined } | null | undefined }>(
    'CodeInterpreterImageOutput',
  )
  .implement({
    description: 'An image that the code made.',
    interfaces: [CodeInterpreterOutput],
    fields: (t) => ({
      image: t.expose('image', { type: CodeInterpreterImage, nullable: true, description: 'The image.' }),
    }),
  });

const CodeInterpreterCall = builder
  .objectRef<NonNullable<Received<RestCodeInterpreterCall>['code_interpreter']>>('CodeInterpreterCall')
  .implement({
    description: 'What the code interpreter ran, and what came of it.',
    fields: (t) => ({
      input: t.exposeString('input', { nullable: true, description: 'The code.' }),
      outputs: t.field({
        type: [CodeInterpreterOutput],
        nullable: false,
        description: 'What it put out, in order.',
        resolve: ({ outputs }) => outputs ?? [],
      }),
    }),
  });

builder.objectRef<Received<RestCodeInterpreterCall>>('CodeInterpreterToolCall').implement({
  description: 'A use of the code interpreter.',
  interfaces: [ToolCall],
  fields: (t) => ({
    codeInterpreter: t.expose('code_interpreter', {
      type: CodeInterpreterCall,
      nullable: true,
      description: 'What it ran, and what came of it.',
    }),
  }),
});

type ResultContent = NonNullable<Received<RestFileSearchResult>['content']>[number];

const FileSearchResultContent = builder.objectRef<ResultContent>('FileSearchResultContent').implement({
  description: 'A passage of a file.',
  fields: (t) => ({
    type: t.exposeString('type', { nullable: true, description: 'The kind of passage, as REST names it: `text`.' }),
    text: t.exposeString('text', { nullable: true, description: 'The passage.' }),
  }),
});

const FileSearchResult = builder.objectRef<Received<RestFileSearchResult>>('FileSearchResult').implement({
  description: 'A file in which something was found.',
  fields: (t) => ({
    fileId: t.exposeID('file_id', { nullable: true, description: 'Id of the file.' }),
    fileName: t.exposeString('file_name', { nullable: true, description: 'Name of the file.' }),
    score: t.exposeFloat('score', { nullable: true, description: 'How well it fits; 0 to 1.' }),
    content: t.expose('content', {
      type: [FileSearchResultContent],
      nullable: true,
      description: 'The passages that were found. The upstream is asked for them only where this field is selected.',
    }),
  }),
});

const FileSearchCall = builder
  .objectRef<NonNullable<Received<RestFileSearchCall>['file_search']>>('FileSearchCall')
  .implement({
    description: 'How a search went about it, and what it found.',
    fields: (t) => ({
      rankingOptions: t.expose('ranking_options', {
        type: FileSearchRankingOptions,
        nullable: true,
        description: 'How results were ranked.',
      }),
      results: t.expose('results', {
        type: [FileSearchResult],
        nullable: true,
        description: 'What was found, the best first. Null where the server does not tell.',
      }),
    }),
  });

builder.objectRef<Received<RestFileSearchCall>>('FileSearchToolCall').implement({
  description: 'A use of file search.',
  interfaces: [ToolCall],
  fields: (t) => ({
    fileSearch: t.expose('file_search', {
      type: FileSearchCall,
      nullable: true,
      description: 'How it searched, and what it found.',
    }),
  }),
});
