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

export const Assistant = builder.objectRef<Received<RestAssistant>>('Assistant').implement({
  description: 'A model with instructions and tools, ready to run on threads.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({
      ...fromIds,
      nullable: false,
      description: 'The global id. For the REST API use `assistantId`.',
      resolve: pure(({ id }) => encodeGlobalId('Assistant', id)),
    }),
    assistantId: t.exposeID('id', {
      ...fromIds,
      nullable: false,
      description: 'The id that REST knows the assistant by.',
    }),
    object: t.string({
      nullable: false,
      description: 'What REST calls this kind of object: `assistant`.',
      resolve: pure(() => 'assistant'),
    }),
    createdAt: t.expose('created_at', { type: 'DateTime', nullable: true, description: 'When it was created.' }),
    name: t.exposeString('name', { nullable: true, description: 'Its name; up to 256 characters.' }),
    description: t.exposeString('description', {
      nullable: true,
      description: 'What it is for, in your words; up to 512 characters.',
    }),
    model: t.exposeString('model', {
      nullable: true,
      description: 'The model that it runs on unless a run says otherwise.',
    }),
    instructions: t.exposeString('instructions', {
      nullable: true,
      description: 'The system instructions that it runs under; up to 256,000 characters.',
    }),
    tools: t.field({
      type: [Tool],
      nullable: false,
      description: 'The tools that it may use; up to 128.',
      resolve: pure(({ tools }) => tools ?? []),
    }),
    toolResources: t.expose('tool_resources', {
      type: ToolResources,
      nullable: true,
      description: 'What its tools may draw on.',
    }),
    metadata: t.expose('metadata', { type: 'Metadata', nullable: true, description: 'Your own notes on it.' }),
    temperature: t.exposeFloat('temperature', {
      nullable: true,
      description: 'How freely the model picks its words: 0 is nearly deterministic, 2 the most random.',
    }),
    topP: t.exposeFloat('top_p', {
      nullable: true,
      description:
        'The share of the probability mass that words are picked from; 0 to 1. An alternative to `temperature`.',
    }),
    responseFormat: t.expose('response_format', {
      type: ResponseFormat,
      nullable: true,
      description: 'The form that it must answer in.',
    }),
  }),
});

export const AssistantEdge = builder.edgeObject({
  type: Assistant,
  name: 'AssistantEdge',
  description: 'An assistant and where it stands in the list.',
});

const AssistantConnection = builder.connectionObject(
  { type: Assistant, name: 'AssistantConnection', description: 'A page of assistants.' },
  AssistantEdge,
);

builder.queryFields((t) => ({
  assistant: t.field({
    type: Assistant,
    nullable: true,
    description: 'One assistant; null where it does not exist. `GET /assistants/{assistant_id}`',
    args: { assistantId: t.arg.id({ required: true, description: 'The id that REST knows the assistant by.' }) },
    resolve: (_, { assistantId }, context, info) => assistantById(assistantId, context, info),
  }),
  assistants: t.connection(
    {
      type: Assistant,
      nullable: false,
      description: 'All assistants, newest first unless told. `GET /assistants`',
      args: orderArg,
      resolve: (_, args, context, info) => allAssistants(args, context, info),
    },
    AssistantConnection,
    AssistantEdge,
  ),
}));
