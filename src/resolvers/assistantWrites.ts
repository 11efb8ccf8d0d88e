import type { Context } from '../context/context.ts';
import type { RequestBody } from '../rest/requestBody.ts';
import type { WriteOptions } from '../rest/callerOptions.ts';
import type { CreateAssistantBody, ModifyAssistantBody } from '../wire/assistant.ts';
import { assistantList } from './assistant.ts';
import { encodeGlobalId } from './globalId.ts';
import { writeOptions } from './idempotencyKey.ts';
import { Edge } from './connection.ts';
import { type CamelKeys, restKeys } from './restKeys.ts';
import { type ResponseFormatInput, responseFormatBody, type ToolInput, toolBody } from './toolInput.ts';
import {
  type CreateToolResourcesInput,
  createToolResourcesBody,
  type ToolResourcesInput,
  toolResourcesBody,
} from './toolResourcesInput.ts';

type Reshaped = 'tools' | 'toolResources' | 'responseFormat';

interface Configuration extends WriteOptions {
  tools?: ToolInput[] | null | undefined;
  responseFormat?: ResponseFormatInput | null | undefined;
}

export interface CreateAssistantInput
  extends Configuration,
    Omit<CamelKeys<RequestBody<CreateAssistantBody>>, Reshaped> {
  toolResources?: CreateToolResourcesInput | null | undefined;
}

export interface ModifyAssistantInput
  extends Configuration,
    Omit<CamelKeys<RequestBody<ModifyAssistantBody>>, Reshaped> {
  assistantId: string;
  toolResources?: ToolResourcesInput | null | undefined;
}

export const createAssistant = async (input: CreateAssistantInput, { rest, loaders }: Context) => {
  const { idempotencyKey, tools, toolResources, responseFormat, ...settings } = input;
  const body = {
    ...restKeys(settings),
    tools: tools?.map(toolBody),
    tool_resources: toolResources && createToolResourcesBody(toolResources),
    response_format: responseFormat && responseFormatBody(responseFormat),
  };
  const assistant = await rest.assistants.create(body, writeOptions({ idempotencyKey }));
  loaders.assistants.wrote(assistant);
  return { assistant, assistantEdge: new Edge(assistant, assistantList) };
};

export const modifyAssistant = async (input: ModifyAssistantInput, { rest, loaders }: Context) => {
  const { assistantId, idempotencyKey, model, tools, toolResources, responseFormat, ...settings } = input;
  const body = {
    ...restKeys(settings),
    model: model ?? undefined,
    tools: tools?.map(toolBody),
    tool_resources: toolResources && toolResourcesBody(toolResources),
    response_format: responseFormat && responseFormatBody(responseFormat),
  };
  const assistant = await rest.assistants.modify(assistantId, body, writeOptions({ idempotencyKey }));
  loaders.assistants.wrote(assistant);
  return { assistant };
};

export const deleteAssistant = async (input: { assistantId: string } & WriteOptions, { rest, loaders }: Context) => {
  const { assistantId } = input;
  await rest.assistants.delete(assistantId, writeOptions(input));
  loaders.assistants.deleted(assistantId);
  return { deletedAssistantId: encodeGlobalId('Assistant', assistantId) };
};
