import type { ResponseFormatInput } from '../resolvers/toolInput.ts';
import type { Received } from '../rest/received.ts';
import type { RestJsonSchema, RestResponseFormat } from '../wire/tool.ts';
import { builder } from './builder.ts';
import { openUnion } from './openUnion.ts';

export const ResponseFormat = openUnion<Received<RestResponseFormat>>(
  'ResponseFormat',
  'The format that the model must output.',
  {
    auto: 'ResponseFormatAuto',
    text: 'ResponseFormatText',
    json_object: 'ResponseFormatJsonObject',
    json_schema: 'ResponseFormatJsonSchema',
  },
);

builder.objectRef<'auto'>('ResponseFormatAuto').implement({
  description: 'The server chooses.',
  interfaces: [ResponseFormat],
});

builder.objectRef<{ type: 'text' }>('ResponseFormatText').implement({
  description: 'Plain text.',
  interfaces: [ResponseFormat],
});

builder.objectRef<{ type: 'json_object' }>('ResponseFormatJsonObject').implement({
  description: 'Any valid JSON object. The instructions must also ask for JSON.',
  interfaces: [ResponseFormat],
});

const JsonSchema = builder.objectRef<Received<RestJsonSchema>>('JsonSchema').implement({
  description: 'A JSON Schema that the output follows.',
  fields: (t) => ({
    name: t.exposeString('name', { nullable: true, description: 'The name of the format.' }),
    description: t.exposeString('description', {
      nullable: true,
      description: 'A description of the format for the model.',
    }),
    schema: t.expose('schema', { type: 'JSON', nullable: true, description: 'The JSON Schema.' }),
    strict: t.exposeBoolean('strict', {
      nullable: true,
      description: 'Whether the output strictly follows the schema.',
    }),
  }),
});

builder
  .objectRef<{ type: 'json_schema'; json_schema?: Received<RestJsonSchema> | null | undefined }>(
    'ResponseFormatJsonSchema',
  )
  .implement({
    description: 'JSON that follows a schema.',
    interfaces: [ResponseFormat],
    fields: (t) => ({
      jsonSchema: t.expose('json_schema', { type: JsonSchema, nullable: true, description: 'The JSON Schema.' }),
    }),
  });

const ResponseFormatType = builder.enumType('ResponseFormatType', {
  description: 'A response format without further settings.',
  values: {
    AUTO: { value: 'auto', description: 'The server chooses.' },
    TEXT: { value: 'text', description: 'Plain text.' },
    JSON_OBJECT: {
      value: 'json_object',
      description: 'Any valid JSON object. The instructions must also ask for JSON.',
    },
  } as const,
});

const JsonSchemaInput = builder.inputType('JsonSchemaInput', {
  description: 'A JSON Schema that the output must follow.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'The name: letters, digits, `_` and `-`. Up to 64 characters.' }),
    description: t.string({ description: 'A description of the format for the model.' }),
    schema: t.field({ type: 'JSON', description: 'The JSON Schema, as an object.' }),
    strict: t.boolean({ description: 'Whether the output must strictly follow the schema. Defaults to false.' }),
  }),
});

export const ResponseFormatInputType = builder.inputRef<ResponseFormatInput>('ResponseFormatInput').implement({
  description: 'The format that the model must output. Set exactly one field, and not to null.',
  isOneOf: true,
  fields: (t) => ({
    type: t.field({ type: ResponseFormatType, description: 'A format without further settings.' }),
    jsonSchema: t.field({ type: JsonSchemaInput, description: 'JSON that follows a schema.' }),
  }),
});
