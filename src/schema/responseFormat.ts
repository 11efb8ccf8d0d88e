import type { ResponseFormatInput } from '../resolvers/toolInput.ts';
import type { Received } from '../rest/received.ts';
import type { RestJsonSchema, RestResponseFormat } from '../wire/tool.ts';
import { builder } from './builder.ts';
import { openUnion } from './openUnion.ts';

export const ResponseFormat = openUnion<Received<RestResponseFormat>>(
  'ResponseFormat',
  'The form that the model must answer in.',
  {
    auto: 'ResponseFormatAuto',
    text: 'ResponseFormatText',
    json_object: 'ResponseFormatJsonObject',
    json_schema: 'ResponseFormatJsonSchema',
  },
);

builder.objectRef<'auto'>('ResponseFormatAuto').implement({
  description: 'As the server sees fit.',
  interfaces: [ResponseFormat],
});

builder.objectRef<{ type: 'text' }>('ResponseFormatText').implement({
  description: 'Plain text.',
  interfaces: [ResponseFormat],
});

builder.objectRef<{ type: 'json_object' }>('ResponseFormatJsonObject').implement({
  description: 'Any valid JSON object. The instructions must ask for JSON, too.',
  interfaces: [ResponseFormat],
});

const JsonSchema = builder.objectRef<Received<RestJsonSchema>>('JsonSchema').implement({
  description: 'A JSON Schema that answers keep to.',
  fields: (t) => ({
    name: t.exposeString('name', { nullable: true, description: 'What the format is called.' }),
    description: t.exposeString('description', {
      nullable: true,
      description: 'What the format is for, for the model to know how to answer.',
    }),
    schema: t.expose('schema', { type: 'JSON', nullable: true, description: 'The JSON Schema itself.' }),
    strict: t.exposeBoolean('strict', { nullable: true, description: 'Whether answers always keep to the schema.' }),
  }),
});

builder
  .objectRef<{ type: 'json_schema'; json_schema?: Received<RestJsonSchema> | null | undefined }>(
    'ResponseFormatJsonSchema',
  )
  .implement({
    description: 'JSON that keeps to a schema.',
    interfaces: [ResponseFormat],
    fields: (t) => ({
      jsonSchema: t.expose('json_schema', { type: JsonSchema, nullable: true, description: 'The schema.' }),
    }),
  });

const ResponseFormatType = builder.enumType('ResponseFormatType', {
  description: 'The forms of an answer that need no further settings.',
  values: {
    AUTO: { value: 'auto', description: 'As the server sees fit.' },
    TEXT: { value: 'text', description: 'Plain text.' },
    JSON_OBJECT: {
      value: 'json_object',
      description: 'Any valid JSON object. The instructions must ask for JSON, too.',
    },
  } as const,
});

const JsonSchemaInput = builder.inputType('JsonSchemaInput', {
  description: 'A JSON Schema that answers must keep to.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'Letters, digits, `_` and `-`; up to 64 characters.' }),
    description: t.string({ description: 'What the format is for, for the model to know how to answer.' }),
    schema: t.field({ type: 'JSON', description: 'The JSON Schema itself, as an object.' }),
    strict: t.boolean({ description: 'Whether answers must always keep to the schema; false unless told.' }),
  }),
});

export const ResponseFormatInputType = builder.inputRef<ResponseFormatInput>('ResponseFormatInput').implement({
  description: 'The form that the model must answer in. Exactly one member.',
  isOneOf: true,
  fields: (t) => ({
    type: t.field({ type: ResponseFormatType, description: 'A form that needs no further settings.' }),
    jsonSchema: t.field({ type: JsonSchemaInput, description: 'JSON that keeps to a schema.' }),
  }),
});
