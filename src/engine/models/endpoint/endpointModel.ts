import { LRUCache } from 'lru-cache';
import type { ListedModel, Model } from '../model.ts';
import { ModelError } from '../modelError.ts';
import { acceptedNames, mappedName } from '../names.ts';
import type { ModelApi } from './api.ts';
import { complete } from './complete.ts';
import type { ModelEndpoint } from './modelEndpoint.ts';
import { KnownCompletionLimits } from './completionLimit.ts';
import { KnownFallbacks } from './fallbacks.ts';
import { isExhaustive, readModelList } from './modelList.ts';

/** Milliseconds for which a list of models is used before it is read again. */
const listLifetimeMs = 60_000;
/** Models whose context size is remembered from an error. */
const mostModels = 1000;

/** The models of an endpoint, over one of its APIs. */
export const endpointModel = (endpoint: ModelEndpoint, api: ModelApi): Model => {
  const known = { fallbacks: new KnownFallbacks(), completionLimits: new KnownCompletionLimits() };
  const contextsInErrors = new LRUCache<string, number>({ max: mostModels });
  const configured = endpoint.options.contextTokens ?? new Map<string, number>();
  let list: { models: ListedModel[] | undefined; readAt: number } | undefined;
  const readFresh = async (signal: AbortSignal) => {
    list = { models: await readModelList(endpoint, signal), readAt: performance.now() };
    return list.models;
  };
  const readList = async (signal: AbortSignal) =>
    list === undefined || performance.now() - list.readAt > listLifetimeMs ? readFresh(signal) : list.models;

  return {
    name: `${endpoint.host} (${api.title})`,
    offline: false,
    hostedTools: api.hostedTools,
    contextTokensOf: (name) => {
      const model = mappedName(endpoint.names, name);
      const inList = () => list?.models?.find(({ id }) => id === model)?.contextTokens;
      return configured.get(model) ?? contextsInErrors.get(model) ?? inList() ?? configured.get('*');
    },
    freeCalls: () => endpoint.limiter.freeCalls(),
    listModels: async (signal) => {
      const models = await readList(signal);
      const byId = new Map((models ?? []).map((model) => [model.id, model]));
      return {
        models: acceptedNames(endpoint.names, [...byId.keys()]).flatMap((id) => {
          const model = byId.get(mappedName(endpoint.names, id));
          return model === undefined ? [] : [{ ...model, id }];
        }),
        isComplete: models !== undefined && !endpoint.names.has('*') && isExhaustive(endpoint, models),
      };
    },
    probe: async (signal) => {
      await readFresh(signal);
    },
    close: () => endpoint.close(),
    complete: (request, take) =>
      complete(endpoint, api, known, request, take, (error) => {
        if (error instanceof ModelError && error.contextTokens !== undefined) {
          contextsInErrors.set(mappedName(endpoint.names, request.model), error.contextTokens);
        }
      }),
  };
};
