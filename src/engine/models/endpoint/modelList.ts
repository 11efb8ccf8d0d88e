import type { ListedModel } from '../model.ts';
import { ModelError } from '../modelError.ts';
import type { Call } from './call.ts';
import type { ModelEndpoint } from './modelEndpoint.ts';
import { endpointErrorOf } from './endpointError.ts';
import { isObject, type JsonObject, numberIn, objectIn, objectsIn, textIn } from './json.ts';
import { problemIn } from './problem.ts';
import { withoutSecrets } from './secrets.ts';
import { TokenClock } from './tokenClock.ts';

/** Milliseconds that reading the list may take. */
const timeoutMs = 10_000;
/** Models of a list that are kept. */
const mostModels = 10_000;

/** How vLLM, OpenRouter, Groq, LM Studio, Mistral and llama.cpp call it. */
const contextMembers = ['max_model_len', 'context_length', 'context_window', 'max_context_length', 'n_ctx_train'];

const contextTokensIn = (model: JsonObject): number | undefined =>
  contextMembers.map((name) => numberIn(model, name) ?? numberIn(objectIn(model, 'meta'), name)).find((size) => size);

const listed = (model: JsonObject): ListedModel[] => {
  const id = textIn(model, 'id') ?? textIn(model, 'name');
  if (id === undefined) return [];
  const created = numberIn(model, 'created') ?? null;
  return [{ id, created, ownedBy: textIn(model, 'owned_by') ?? null, contextTokens: contextTokensIn(model) }];
};

const bodyOf = async (call: Call): Promise<string> => {
  const decoder = new TextDecoder();
  let text = '';
  await call.read((piece) => {
    text += decoder.decode(piece, { stream: true });
    return true;
  });
  return text;
};

/**
 * The models of `GET /models`; undefined if the endpoint has no such list.
 * Rejects with `ModelError`, or with the reason of an aborted `signal`.
 */
export const readModelList = async (
  endpoint: ModelEndpoint,
  signal: AbortSignal,
): Promise<ListedModel[] | undefined> => {
  const clock = new TokenClock({ firstTokenMs: timeoutMs, nextTokenMs: timeoutMs });
  try {
    const call = await endpoint.send('GET', '/models', null, clock, signal);
    const text = await bodyOf(call);
    call.close();
    if ([404, 405, 501].includes(call.status)) return undefined;
    if (call.status !== 200) throw endpointErrorOf(problemIn(call.status, text), { sent: '', asked: '' });
    return modelsIn(withoutSecrets(text, endpoint.secrets));
  } catch (error) {
    throw endpoint.cleaned(error);
  }
};

/**
 * Whether the endpoint rejects all names that it does not list. Azure lists the models that it sells, and takes the names of
 * deployments; llama.cpp's server has one model and ignores the name.
 */
export const isExhaustive = (endpoint: ModelEndpoint, models: readonly ListedModel[]): boolean =>
  !endpoint.host.endsWith('.azure.com') && models.every(({ ownedBy }) => ownedBy !== 'llamacpp');

const modelsIn = (text: string): ListedModel[] => {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    parsed = undefined;
  }
  const list = Array.isArray(parsed) ? { data: parsed } : parsed;
  if (!isObject(list) || !Array.isArray(list['data'] ?? list['models'])) {
    throw new ModelError('server_error', 'The model endpoint returned no list of models for GET /models.');
  }
  return objectsIn(list, 'data' in list ? 'data' : 'models')
    .slice(0, mostModels)
    .flatMap(listed);
};
