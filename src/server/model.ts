import type { Config } from '../cli/config.ts';
import { chatCompletionsModel } from '../engine/models/chatCompletions/model.ts';
import type { Model } from '../engine/models/model.ts';
import { offlineModel } from '../engine/models/offline.ts';
import { responsesModel } from '../engine/models/responses/model.ts';
import { sharedCallsOn } from '../shared/sharedCallLimits.ts';
import type { SharedServer } from '../shared/sharedServer.ts';

const openers = { chat_completions: chatCompletionsModel, responses: responsesModel };

/**
 * The models at MODEL_BASE_URL, or without one the offline model. `log` gets one-line notes for the operator, without secrets.
 * With `shared`, limits per minute are those of all replicas together.
 */
export const configuredModel = (config: Config, log: (line: string) => void, shared?: SharedServer): Model => {
  if (config.modelBaseUrl === undefined) return offlineModel;
  return openers[config.modelApi]({
    baseUrl: config.modelBaseUrl,
    apiKey: config.modelApiKey,
    headers: config.modelHeaders,
    query: config.modelQuery,
    names: config.modelNames,
    contextTokens: config.modelContextTokens,
    maxTokensParameter: config.modelMaxTokensParameter,
    timeouts: { firstTokenMs: config.modelTimeoutMs, nextTokenMs: config.modelTokenTimeoutMs },
    maxRetries: config.modelMaxRetries,
    limits: {
      maxConcurrentCalls: config.modelMaxConcurrentCalls,
      requestsPerMinute: config.modelRequestsPerMinute,
      tokensPerMinute: config.modelTokensPerMinute,
      shared: shared && sharedLimits(config, config.modelBaseUrl, shared),
    },
    log,
  });
};

const sharedLimits = (config: Config, baseUrl: string, shared: SharedServer) => {
  const { modelRequestsPerMinute: requestsPerMinute, modelTokensPerMinute: tokensPerMinute } = config;
  if (requestsPerMinute === undefined && tokensPerMinute === undefined) return undefined;
  return sharedCallsOn(shared, baseUrl, { requestsPerMinute, tokensPerMinute });
};
