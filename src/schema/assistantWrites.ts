import { createAssistant, deleteAssistant, modifyAssistant } from '../resolvers/assistantWrites.ts';
import { Assistant, AssistantEdge } from './assistant.ts';
import { builder, type InputFields } from './builder.ts';
import { answered, clientMutation, clientMutationIdOutput } from './clientMutation.ts';
import { ReasoningEffort } from './reasoningEffort.ts';
import { ResponseFormatInputType } from './responseFormat.ts';
import { ToolInputType } from './toolInput.ts';
import { CreateToolResourcesInputType, ToolResourcesInputType } from './toolResources.ts';

const assistantId = { required: true, description: 'REST id of the assistant.' } as const;

const configuration = (t: InputFields) => ({
  name: t.string({ description: 'Its name; up to 256 characters.' }),
  description: t.string({ description: 'What it is for, in your words; up to 512 characters.' }),
  instructions: t.string({ description: 'The system instructions to run under; up to 256,000 characters.' }),
  reasoningEffort: t.field({
    type: ReasoningEffort,
    description: 'How much a reasoning model thinks before it answers. Never read back.',
  }),
  tools: t.field({
    type: [ToolInputType],
    description: 'The tools that it may use; up to 128. Replaces the whole list.',
  }),
  metadata: t.field({ type: 'Metadata', description: 'Your own notes on it.' }),
  temperature: t.float({ description: 'How freely the model picks its words; 0 to 2, 1 unless told.' }),
  topP: t.float({
    description:
      'The share of the probability mass that words are picked from; 0 to 1, 1 unless told. An alternative to `temperature`.',
  }),
  responseFormat: t.field({ type: ResponseFormatInputType, description: 'The form that it must answer in.' }),
});

builder.relayMutationField(
  'createAssistant',
  {
    description: 'An assistant to be.',
    inputFields: (t) => ({
      model: t.string({ required: true, description: 'The model to run on, or the deployment on Azure.' }),
      ...configuration(t),
      toolResources: t.field({ type: CreateToolResourcesInputType, description: 'What its tools may draw on.' }),
      ...clientMutation(t),
    }),
  },
  {
    nullable: false,
    description: 'Creates an assistant. `POST /assistants`',
    resolve: (_, { input }, context) => answered(input, (body) => createAssistant(body, context)),
  },
  {
    description: 'The new assistant.',
    outputFields: (t) => ({
      assistant: t.expose('assistant', { type: Assistant, nullable: true, description: 'The assistant.' }),
      assistantEdge: t.expose('assistantEdge', {
        type: AssistantEdge,
        nullable: true,
        description: 'The assistant as a member of `assistants`, to be put into a list that is already at hand.',
      }),
      clientMutationId: t.exposeString('clientMutationId', clientMutationIdOutput),
    }),
  },
);

builder.relayMutationField(
  'modifyAssistant',
  {
    description: 'What to change of an assistant. What is left out stays as it is; null clears.',
    inputFields: (t) => ({
      assistantId: t.id(assistantId),
      model: t.string({ description: 'The model to run on.' }),
      ...configuration(t),
      toolResources: t.field({ type: ToolResourcesInputType, description: 'What its tools may draw on.' }),
      ...clientMutation(t),
    }),
  },
  {
    nullable: false,
    description: 'Changes an assistant. `POST /assistants/{assistant_id}`',
    resolve: (_, { input }, context) => answered(input, (body) => modifyAssistant(body, context)),
  },
  {
    description: 'The changed assistant.',
    outputFields: (t) => ({
      assistant: t.expose('assistant', { type: Assistant, nullable: true, description: 'The assistant.' }),
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
    nullable: false,
    description: 'Deletes an assistant. `DELETE /assistants/{assistant_id}`',
    resolve: (_, { input }, context) => answered(input, (body) => deleteAssistant(body, context)),
  },
  {
    description: 'What was deleted.',
    outputFields: (t) => ({
      deletedAssistantId: t.exposeID('deletedAssistantId', {
        nullable: true,
        description: 'The global id of the assistant that is gone.',
      }),
      clientMutationId: t.exposeString('clientMutationId', clientMutationIdOutput),
    }),
  },
);
