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
import { type CamelKeys, restKeys, withoutNulls } from './restKeys.ts';

type Maybe<T> = T | null | undefined;

/** Exactly one member is set, and not to null: GraphQL validates this for all `@oneOf` inputs. */
export interface ToolInput {
  codeInterpreter?: Maybe<boolean>;
  fileSearch?: Maybe<FileSearchToolInput>;
  function?: Maybe<CamelKeys<RequestBody<RestFunction>>>;
}

export interface FileSearchToolInput {
  maxNumResults?: Maybe<number>;
  rankingOptions?: Maybe<CamelKeys<RequestBody<RestRankingOptions>>>;
}

export const toolBody = (tool: ToolInput): RestTool => {
  if (tool.function) return { type: 'function', function: functionBody(tool.function) };
  if (tool.fileSearch) return fileSearchBody(tool.fileSearch);
  if (tool.codeInterpreter) return { type: 'code_interpreter' };
  throw userInputError('`codeInterpreter` cannot be false. Leave the tool out of `tools` instead.');
};

const functionBody = ({ strict, ...definition }: CamelKeys<RequestBody<RestFunction>>): RestFunction => ({
  ...restKeys(withoutNulls(definition)),
  strict,
});

const fileSearchBody = ({ rankingOptions, ...options }: FileSearchToolInput): RestFileSearchTool => {
  const file_search = {
    ...restKeys(withoutNulls(options)),
    ...(rankingOptions && { ranking_options: restKeys(withoutNulls(rankingOptions)) }),
  };
  return Object.keys(file_search).length === 0 ? { type: 'file_search' } : { type: 'file_search', file_search };
};

export interface ResponseFormatInput {
  type?: Maybe<'auto' | 'text' | 'json_object'>;
  jsonSchema?: Maybe<CamelKeys<RequestBody<RestJsonSchema>>>;
}

export const responseFormatBody = ({ type, jsonSchema }: ResponseFormatInput): RestResponseFormat => {
  if (jsonSchema) return { type: 'json_schema', json_schema: jsonSchemaBody(jsonSchema) };
  return type === 'text' || type === 'json_object' ? { type } : 'auto';
};

const jsonSchemaBody = ({ strict, ...format }: CamelKeys<RequestBody<RestJsonSchema>>): RestJsonSchema => ({
  ...restKeys(withoutNulls(format)),
  strict,
});

export interface ToolChoiceInput {
  mode?: Maybe<RestToolChoiceMode>;
  tool?: Maybe<Exclude<RestNamedToolChoice['type'], 'function'>>;
  function?: Maybe<string>;
}

export const toolChoiceBody = ({ mode, tool, function: name }: ToolChoiceInput): RestToolChoice => {
  if (name != null) return { type: 'function', function: { name } };
  return tool ? { type: tool } : (mode ?? 'auto');
};
