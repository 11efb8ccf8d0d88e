import type { RequestBody } from '../rest/requestBody.ts';
import type {
  RestFileSearchTool,
  RestFunction,
  RestJsonSchema,
  RestNamedToolChoice,
  RestRankingOptions,
  RestResponseFormat,
  RestTool,
  RestToolChoice,
  RestToolChoiceMode,
} from '../wire/tool.ts';
import { userInputError } from '../context/errors.ts';
import { type CamelKeys, restKeys } from './restKeys.ts';

type Maybe<T> = T | null | undefined;

/** Of this and the other `@oneOf` inputs exactly one member is set, and not to null: GraphQL sees to that. */
export interface ToolInput {
  codeInterpreter?: Maybe<boolean>;
  fileSearch?: Maybe<FileSearchToolInput>;
  function?: Maybe<CamelKeys<RequestBody<RestFunction>>>;
}

export interface FileSearchToolInput {
  maxNumResults?: Maybe<number>;
  rankingOptions?: Maybe<CamelKeys<RequestBody<RestRankingOptions>>>;
}

export const toolBody = (tool: ToolInput): RequestBody<RestTool> => {
  if (tool.function) return { type: 'function', function: restKeys(tool.function) };
  if (tool.fileSearch) return fileSearchBody(tool.fileSearch);
  if (tool.codeInterpreter) return { type: 'code_interpreter' };
  throw userInputError('`codeInterpreter: false` is no tool: leave the tool out of the list instead.');
};

const fileSearchBody = ({ rankingOptions, ...options }: FileSearchToolInput): RequestBody<RestFileSearchTool> => {
  const file_search = {
    ...restKeys(options),
    ...(rankingOptions === undefined ? {} : { ranking_options: rankingOptions && restKeys(rankingOptions) }),
  };
  return Object.keys(file_search).length === 0 ? { type: 'file_search' } : { type: 'file_search', file_search };
};

export interface ResponseFormatInput {
  type?: Maybe<'auto' | 'text' | 'json_object'>;
  jsonSchema?: Maybe<CamelKeys<RequestBody<RestJsonSchema>>>;
}

export const responseFormatBody = ({ type, jsonSchema }: ResponseFormatInput): RequestBody<RestResponseFormat> => {
  if (jsonSchema) return { type: 'json_schema', json_schema: restKeys(jsonSchema) };
  return type === 'text' || type === 'json_object' ? { type } : 'auto';
};

export interface ToolChoiceInput {
  mode?: Maybe<RestToolChoiceMode>;
  tool?: Maybe<Exclude<RestNamedToolChoice['type'], 'function'>>;
  function?: Maybe<string>;
}

export const toolChoiceBody = ({ mode, tool, function: name }: ToolChoiceInput): RestToolChoice => {
  if (name != null) return { type: 'function', function: { name } };
  return tool ? { type: tool } : (mode ?? 'auto');
};
