import { createAssistant, deleteAssistant, modifyAssistant } from '../resolvers/assistantWrites.ts';
import { Assistant, AssistantEdge } from './assistant.ts';
import { builder, type InputFields } from './builder.ts';
import { clientMutation, clientMutationIdOutput, payloadOf } from './clientMutation.ts';
import { ReasoningEffort } from './reasoningEffort.ts';
import { ResponseFormatInputType } from './responseFormat.ts';
import { ToolInputType } from './toolInput.ts';
import { CreateToolResourcesInputType, ToolResourcesInputType } from './toolResources.ts';
import { restField } from './restField.ts';

const assistantId = { required: true, description: 'REST ID of the assistant.' } as const;

const configuration = (t: InputFields) => ({
  name: t.string({ description: 'The name of the assistant. Up to 256 characters.' }),
  description: t.string({ description: 'The description of the assistant. Up to 512 characters.' }),
  instructions: t.string({ description: 'The system instructions. Up to 256,000 characters.' }),
  reasoningEffort: t.field({
    type: ReasoningEffort,
    description: 'How much effort a reasoning model puts into reasoning. The REST API never returns it.',
  }),
  tools: t.field({
    type: [ToolInputType],
    description: 'The tools to enable. Up to 128. Replaces the whole list.',
  }),
  metadata: t.field({ type: 'Metadata', description: 'Custom key-value pairs.' }),
  temperature: t.float({ description: 'The sampling temperature, from 0 to 2. Defaults to 1.' }),
  topP: t.float({
    description: 'The nucleus sampling threshold, from 0 to 1. Defaults to 1. An alternative to `temperature`.',
  }),
  responseFormat: t.field({ type: ResponseFormatInputType, description: 'The format that the model must output.' }),
});

builder.relayMutationField(
  'createAssistant',
  {
    description: 'The assistant to create.',
    inputFields: (t) => ({
      model: t.string({ required: true, description: 'The model to use. On Azure, the name of the deployment.' }),
      ...configuration(t),
      toolResources: t.field({
        type: CreateToolResourcesInputType,
        description: 'The files and vector stores that the tools can use.',
      }),
      ...clientMutation(t),
    }),
  },
  {
    ...restField({ description: 'Creates an assistant.', operation: 'POST /assistants' }),
    resolve: (_, { input }, context) => payloadOf(input, (body) => createAssistant(body, context)),
  },
  {
    description: 'The result of creating an assistant.',
    outputFields: (t) => ({
      assistant: t.expose('assistant', { type: Assistant, nullable: false, description: 'The assistant.' }),
      assistantEdge: t.expose('assistantEdge', {
        type: AssistantEdge,
        nullable: false,
        description: 'The edge of the assistant in `assistants`, for adding it to a cached list.',
      }),
      clientMutationId: t.exposeString('clientMutationId', clientMutationIdOutput),
    }),
  },
);

builder.relayMutationField(
  'modifyAssistant',
  {
    description:
      'The changes to an assistant. Fields that are left out keep their value, and null removes a value. `model` and `tools` cannot be removed: for them null is the same as leaving them out.',
    inputFields: (t) => ({
      assistantId: t.id(assistantId),
      model: t.string({ description: 'The model to use.' }),
      ...configuration(t),
      toolResources: t.field({
        type: ToolResourcesInputType,
        description: 'The files and vector stores that the tools can use.',
      }),
      ...clientMutation(t),
    }),
  },
  {
    ...restField({ description: 'Modifies an assistant.', operation: 'POST /assistants/{assistant_id}' }),
    resolve: (_, { input }, context) => payloadOf(input, (body) => modifyAssistant(body, context)),
  },
  {
    description: 'The result of modifying an assistant.',
    outputFields: (t) => ({
      assistant: t.expose('assistant', { type: Assistant, nullable: false, description: 'The assistant.' }),
      clientMutationId: t.exposeString('clientMutationId', clientMutationIdOutput),
    }),
  },
);

builder.relayMutationField(
  'deleteAssistant',
  {
    description: 'The assistant to delete.',
    inputFields: (t) => ({
      assistantId: t.id(assistantId),
      ...clientMutation(t),
    }),
  },
  {
    ...restField({ description: 'Deletes an assistant.', operation: 'DELETE /assistants/{assistant_id}' }),
    resolve: (_, { input }, context) => payloadOf(input, (body) => deleteAssistant(body, context)),
  },
  {
    description: 'The result of the deletion.',
    outputFields: (t) => ({
      deletedAssistantId: t.exposeID('deletedAssistantId', {
        nullable: false,
        description: 'The global ID of the deleted assistant.',
      }),
      clientMutationId: t.exposeString('clientMutationId', clientMutationIdOutput),
    }),
  },
);
