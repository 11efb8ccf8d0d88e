import {
  getNamedType,
  getNullableType,
  type GraphQLOutputType,
  isEnumType,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { expect } from 'vitest';
import { createSchema } from '../../src/schema/index.ts';

/** JSON as REST sends it. */
export type Json = string | number | boolean | null | undefined | Json[] | { [name: string]: Json };

const schema = createSchema();

/** The members of each REST union by their `type`. */
const members: Record<string, Record<string, string>> = {
  Tool: {
    code_interpreter: 'AssistantToolsCode',
    file_search: 'AssistantToolsFileSearch',
    function: 'AssistantToolsFunction',
  },
  AttachmentTool: { code_interpreter: 'AssistantToolsCode', file_search: 'AssistantToolsFileSearch' },
  ResponseFormat: {
    auto: 'ResponseFormatAuto',
    text: 'ResponseFormatText',
    json_object: 'ResponseFormatJsonObject',
    json_schema: 'ResponseFormatJsonSchema',
  },
  ToolChoice: {
    none: 'ToolChoiceByMode',
    auto: 'ToolChoiceByMode',
    required: 'ToolChoiceByMode',
    function: 'AssistantsNamedToolChoice',
    code_interpreter: 'AssistantsNamedToolChoice',
    file_search: 'AssistantsNamedToolChoice',
  },
  MessageContent: {
    text: 'MessageContentText',
    image_file: 'MessageContentImageFile',
    image_url: 'MessageContentImageUrl',
    refusal: 'MessageContentRefusal',
  },
  Annotation: {
    file_citation: 'FileCitationAnnotation',
    file_path: 'FilePathAnnotation',
  },
  StepDetails: { message_creation: 'RunStepDetailsMessageCreation', tool_calls: 'RunStepDetailsToolCalls' },
  ToolCall: {
    code_interpreter: 'CodeInterpreterToolCall',
    file_search: 'FileSearchToolCall',
    function: 'FunctionToolCall',
  },
  ChunkingStrategy: { static: 'StaticChunkingStrategy', other: 'OtherChunkingStrategy' },
  CodeInterpreterOutput: {
    logs: 'CodeInterpreterLogsOutput',
    image: 'CodeInterpreterImageOutput',
  },
};

/** What the graph calls the REST id of a type's own. */
const ownId: Record<string, string> = {
  Assistant: 'assistantId',
  Thread: 'threadId',
  Message: 'messageId',
  Run: 'runId',
  RunStep: 'stepId',
  File: 'fileId',
  VectorStore: 'vectorStoreId',
  VectorStoreFile: 'fileId',
};

/** Where REST has one kind only, that is what it is taken for should the server leave it out. */
const onlyKind: Record<string, string> = { RequiredAction: 'submit_tool_outputs', FunctionToolCall: 'function' };

/** Worked out by the graph; each has tests of its own. */
const computed = new Set([
  'Message.text',
  'Run.isTerminal',
  'Run.duration',
  'File.contentUrl',
  'parsedArguments',
  'cachedPromptTokens',
  'cost',
]);

/** Members of REST that only computed fields show. */
const behindComputed = ['prompt_token_details', 'models'];

/** The fields of a type that REST has too: neither edges to other objects, nor what is worked out. */
const restFieldsOf = (typeName: string) => {
  const type = schema.getType(typeName);
  if (!isObjectType(type)) throw new Error(`${typeName} is no object type`);
  return Object.values(type.getFields()).filter((field) => {
    const named = getNamedType(field.type);
    const isEdge = named.name.endsWith('Connection') || (isObjectType(named) && ownId[named.name] !== undefined);
    return !isEdge && !computed.has(field.name) && !computed.has(`${typeName}.${field.name}`);
  });
};

/** Selects of a type all that REST has of it, to the last leaf. */
export const everythingOf = (typeName: string): string => {
  const type = schema.getType(typeName);
  if (isInterfaceType(type)) {
    const parts = schema.getPossibleTypes(type).map(({ name }) => `... on ${name} ${everythingOf(name)}`);
    return `{ __typename ${parts.join(' ')} }`;
  }
  const fields = restFieldsOf(typeName).map(({ name, type: fieldType }) => {
    const named = getNamedType(fieldType);
    return isLeafType(named) ? name : `${name} ${everythingOf(named.name)}`;
  });
  return `{ ${fields.join(' ')} }`;
};

/** The expected result of `everythingOf` a type for a REST object. */
export const asGraph = (typeName: string, rest: Json): unknown => {
  if (rest === null || rest === undefined) return null;
  if (isInterfaceType(schema.getType(typeName))) {
    const kind = kindOf(rest);
    const name = members[typeName]?.[kind] ?? `Unknown${typeName}`;
    return { __typename: name, ...asObject(name, rest) };
  }
  return asObject(typeName, rest);
};

const kindOf = (rest: Json) => {
  const kind = typeof rest === 'string' ? rest : memberOf(rest, 'type');
  return typeof kind === 'string' ? kind : '';
};

const memberOf = (rest: Json, name: string) =>
  typeof rest === 'object' && rest !== null && !Array.isArray(rest) ? rest[name] : undefined;

const asObject = (typeName: string, rest: Json) => {
  const fields = restFieldsOf(typeName);
  if (typeof rest === 'object' && rest !== null && !typeName.startsWith('Unknown')) {
    const known = [...fields.map(({ name }) => snake(name)), ...behindComputed, 'id'];
    expect(known, `${typeName} has all that REST has`).toEqual(expect.arrayContaining(Object.keys(rest)));
  }
  return Object.fromEntries(
    fields.map(({ name, type }): [string, unknown] => {
      if (name === 'id' && ownId[typeName] !== undefined) return [name, expect.any(String)];
      if (name === ownId[typeName]) return [name, memberOf(rest, 'id')];
      const kind = kindOf(rest) || onlyKind[typeName];
      if (name === 'mode' || (name === 'type' && isNonNullType(type))) return [name, asValue(type, kind ?? '')];
      return [name, name === 'raw' ? rest : asValue(type, memberOf(rest, snake(name)))];
    }),
  );
};

const asValue = (type: GraphQLOutputType, rest: Json): unknown => {
  const bare = getNullableType(type);
  if (isListType(bare)) {
    if (Array.isArray(rest)) return rest.map((item) => asValue(bare.ofType, item));
    return isNonNullType(type) ? [] : null;
  }
  if (isEnumType(bare)) {
    if (typeof rest !== 'string' || rest === '') return isNonNullType(type) ? 'UNKNOWN' : null;
    const name = rest.toUpperCase().replaceAll('-', '_');
    return bare.getValue(name) === undefined ? 'UNKNOWN' : name;
  }
  if (!isLeafType(bare)) return asGraph(getNamedType(bare).name, rest);
  if (rest === null || rest === undefined) return null;
  return bare.name === 'DateTime' ? new Date(Number(rest) * 1000).toISOString() : rest;
};

const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** A value inside an object, and the type that the graph gives it; of a list each item. */
export interface Place {
  path: string;
  type: string;
  kind: 'enum' | 'union' | 'other';
  /** The whole object again, with another value in this place; undefined takes it away. */
  with: (value: Json) => Json;
}

/** Each value inside an object, however deep; not inside free-form JSON. */
export const placesIn = (typeName: string, rest: Json): Place[] => {
  const type = schema.getType(typeName);
  const name = isInterfaceType(type) ? (members[typeName]?.[kindOf(rest)] ?? '') : typeName;
  if (typeof rest !== 'object' || rest === null || Array.isArray(rest)) return [];
  return restFieldsOf(name)
    .filter((field) => snake(field.name) in rest)
    .flatMap((field) => {
      const member = snake(field.name);
      const replaced = (value: Json) => ({ ...rest, [member]: value });
      return placesUnder(member, field.type, rest[member], replaced);
    });
};

const placesUnder = (path: string, type: GraphQLOutputType, value: Json, replaced: Place['with']): Place[] => {
  const named = getNamedType(type);
  const bare = getNullableType(type);
  const isList = isListType(bare);
  const kind = isList ? 'other' : isEnumType(named) ? 'enum' : isInterfaceType(named) ? 'union' : 'other';
  const here: Place = { path, type: named.name, kind, with: replaced };
  if (Array.isArray(value) && isList) {
    const items = value.flatMap((item, index) =>
      placesUnder(`${path}[${index}]`, bare.ofType, item, (other) => replaced(value.with(index, other))),
    );
    return [here, ...items];
  }
  const inside = isLeafType(named) ? [] : placesIn(named.name, value);
  return [
    here,
    ...inside.map((place) => ({
      ...place,
      path: `${path}.${place.path}`,
      with: (other: Json) => replaced(place.with(other)),
    })),
  ];
};
