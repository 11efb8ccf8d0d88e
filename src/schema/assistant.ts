import { pure } from '../execution/purity.ts';
import { allAssistants, assistantById } from '../resolvers/assistant.ts';
import { encodeGlobalId } from '../resolvers/globalId.ts';
import type { Received } from '../rest/received.ts';
import type { RestAssistant } from '../wire/assistant.ts';
import { builder, fromIds } from './builder.ts';
import { Node } from './node.ts';
import { ResponseFormat } from './responseFormat.ts';
import { orderArg } from './sortOrder.ts';
import { Tool } from './tool.ts';
import { ToolResources } from './toolResources.ts';
import { restField } from './restField.ts';

export const Assistant = builder.objectRef<Received<RestAssistant>>('Assistant').implement({
  description: 'A model with instructions and tools that can run on threads.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({
      ...fromIds,
      nullable: false,
      description: 'The global ID. The REST API uses `assistantId`.',
      resolve: pure(({ id }) => encodeGlobalId('Assistant', id)),
    }),
    assistantId: t.exposeID('id', {
      ...fromIds,
      nullable: false,
      description: 'REST ID of the assistant.',
    }),
    object: t.string({
      nullable: false,
      description: 'The object type in the REST API, always `assistant`.',
      resolve: pure(() => 'assistant'),
    }),
    createdAt: t.expose('created_at', {
      type: 'DateTime',
      nullable: true,
      description: 'When the assistant was created.',
    }),
    name: t.exposeString('name', { nullable: true, description: 'The name of the assistant. Up to 256 characters.' }),
    description: t.exposeString('description', {
      nullable: true,
      description: 'The description of the assistant. Up to 512 characters.',
    }),
    model: t.exposeString('model', {
      nullable: true,
      description: 'The model that is used by default. A run can override it.',
    }),
    instructions: t.exposeString('instructions', {
      nullable: true,
      description: 'The system instructions. Up to 256,000 characters.',
    }),
    tools: t.field({
      type: [Tool],
      nullable: false,
      description: 'The tools that are enabled. Up to 128.',
      resolve: pure(({ tools }) => tools ?? []),
    }),
    toolResources: t.expose('tool_resources', {
      type: ToolResources,
      nullable: true,
      description: 'The files and vector stores that the tools can use.',
    }),
    metadata: t.expose('metadata', { type: 'Metadata', nullable: true, description: 'Custom key-value pairs.' }),
    temperature: t.exposeFloat('temperature', {
      nullable: true,
      description: 'The sampling temperature, from 0 to 2. Higher values make the output more random.',
    }),
    topP: t.exposeFloat('top_p', {
      nullable: true,
      description:
        'The nucleus sampling threshold, from 0 to 1: only the tokens that make up this share of the probability mass are considered. An alternative to `temperature`.',
    }),
    responseFormat: t.expose('response_format', {
      type: ResponseFormat,
      nullable: true,
      description: 'The format that the model must output.',
    }),
  }),
});

export const AssistantEdge = builder.edgeObject({
  type: Assistant,
  name: 'AssistantEdge',
  description: 'An edge in a list of assistants.',
});

const AssistantConnection = builder.connectionObject(
  { type: Assistant, name: 'AssistantConnection', description: 'A page of assistants.' },
  AssistantEdge,
);

builder.queryFields((t) => ({
  assistant: t.field({
    type: Assistant,
    ...restField({
      description: 'Look up an assistant. Null if it does not exist.',
      operation: 'GET /assistants/{assistant_id}',
    }),
    args: { assistantId: t.arg.id({ required: true, description: 'REST ID of the assistant.' }) },
    resolve: (_, { assistantId }, context, info) => assistantById(assistantId, context, info),
  }),
  assistants: t.connection(
    {
      type: Assistant,
      ...restField({ description: 'A list of assistants, newest first by default.', operation: 'GET /assistants' }),
      args: orderArg,
      resolve: (_, args, context, info) => allAssistants(args, context, info),
    },
    AssistantConnection,
    AssistantEdge,
  ),
}));
