import { modelBaseUrl, modelContextTokens, modelNames } from './modelParsers.ts';
import { headers, oneOf, optional, query, secretWord, wholeNumber } from './parsers.ts';
import { setting } from './setting.ts';

/** The model endpoint that completes the runs of the embedded engine. */
export const modelSettings = {
  modelBaseUrl: setting({
    name: 'MODEL_BASE_URL',
    unit: 'URL',
    fallback: '',
    description:
      'Base URL of an OpenAI-compatible endpoint, such as https://api.openai.com/v1, whose models complete the runs of the embedded engine. If unset, the built-in offline model does. See docs/models.md.',
    parse: modelBaseUrl,
  }),
  modelApiKey: setting({
    name: 'MODEL_API_KEY',
    unit: 'key',
    fallback: '',
    description: 'Key that is sent to the model endpoint as `Authorization: Bearer …`.',
    secret: true,
    parse: secretWord,
  }),
  modelHeaders: setting({
    name: 'MODEL_HEADERS',
    unit: 'JSON',
    fallback: '',
    description: 'Additional headers of every model call, such as {"api-key":"…"} for Azure.',
    secret: true,
    parse: headers,
  }),
  modelQuery: setting({
    name: 'MODEL_QUERY',
    unit: 'query string',
    fallback: '',
    description: 'Additional query parameters of every model call, such as api-version=2024-10-21 for Azure.',
    secret: true,
    parse: query,
  }),
  modelApi: setting({
    name: 'MODEL_API',
    unit: 'name',
    fallback: 'chat_completions',
    description:
      'API of the model endpoint: chat_completions, or responses, which adds the hosted tools `file_search` and `code_interpreter`.',
    parse: oneOf(['chat_completions', 'responses']),
  }),
  modelNames: setting({
    name: 'MODEL_NAMES',
    unit: 'names',
    fallback: '',
    description:
      "The endpoint's model for each name that assistants and runs use, such as gpt-4o=qwen3:32b,*=llama3.3. Other names are passed as they are.",
    parse: modelNames,
  }),
  modelContextTokens: setting({
    name: 'MODEL_CONTEXT_TOKENS',
    unit: 'tokens',
    fallback: '',
    description:
      "Context sizes by the endpoint's model, such as qwen3:32b=32768,*=8192. If unset, the size that the endpoint reports in its list of models or in an error, if any.",
    parse: modelContextTokens,
  }),
  modelMaxTokensParameter: setting({
    name: 'MODEL_MAX_TOKENS_PARAMETER',
    unit: 'name',
    fallback: 'max_completion_tokens',
    description:
      'Parameter of Chat Completions that limits a completion. If an endpoint rejects it, the other is used. Set max_tokens for servers that ignore max_completion_tokens.',
    parse: oneOf(['max_completion_tokens', 'max_tokens']),
  }),
  modelTimeoutMs: setting({
    name: 'MODEL_TIMEOUT_MS',
    unit: 'milliseconds',
    fallback: '120000',
    description: 'Time limit to the first token of a completion.',
    parse: wholeNumber(1, 3_600_000),
  }),
  modelTokenTimeoutMs: setting({
    name: 'MODEL_TOKEN_TIMEOUT_MS',
    unit: 'milliseconds',
    fallback: '60000',
    description: 'Time limit from one token to the next.',
    parse: wholeNumber(1, 3_600_000),
  }),
  modelMaxRetries: setting({
    name: 'MODEL_MAX_RETRIES',
    unit: 'retries',
    fallback: '3',
    description: 'How often a model call that failed before its first token is made again, for failures that may pass.',
    parse: wholeNumber(0, 10),
  }),
  modelMaxConcurrentCalls: setting({
    name: 'MODEL_MAX_CONCURRENT_CALLS',
    unit: 'calls',
    fallback: '',
    description: 'Maximum number of model calls at once. Further runs stay queued, in order.',
    parse: optional(wholeNumber(1, 10_000)),
  }),
  modelRequestsPerMinute: setting({
    name: 'MODEL_REQUESTS_PER_MINUTE',
    unit: 'calls per minute',
    fallback: '',
    description: 'Maximum number of model calls in a minute. Further runs stay queued, in order.',
    parse: optional(wholeNumber(1, 1_000_000)),
  }),
  modelTokensPerMinute: setting({
    name: 'MODEL_TOKENS_PER_MINUTE',
    unit: 'tokens per minute',
    fallback: '',
    description: 'Maximum number of tokens of prompts and completions in a minute. Further runs stay queued, in order.',
    parse: optional(wholeNumber(1, 1_000_000_000)),
  }),
};
