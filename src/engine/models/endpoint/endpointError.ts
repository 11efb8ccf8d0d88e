import { ModelError, type ModelErrorCode, type ModelErrorOptions } from '../modelError.ts';
import type { Problem } from './problem.ts';

/** An error that the endpoint returned, as a response or within a stream. */
export class EndpointError extends ModelError {
  override readonly name = 'EndpointError';
  readonly problem: Problem;

  constructor(code: ModelErrorCode, message: string, options: ModelErrorOptions, problem: Problem) {
    super(code, message, options);
    this.problem = problem;
  }
}

/** What the headers of an error response say about trying again. */
export interface RetryHints {
  retryAfterMs?: number | undefined;
  /** `x-should-retry`; undefined if it was not sent. */
  shouldRetry?: boolean | undefined;
}

const contextWords =
  /context[_ ](length|window|size)|exceed_context_size|maximum context|prompt is too long|input is too long|too many (input )?tokens|exceeds? the (model'?s? )?(available |maximum )?context|reduce the length of the (messages|prompt)|string_above_max_length|cannot be greater than max_model_len/i;
const quotaWords = /insufficient_quota|exceeded your current quota|billing|credit|payment required/i;
const rateWords = /rate.?limit|too many requests|tokens per min|requests per min/i;
const noModelWords =
  /model_not_found|DeploymentNotFound|deployment .*does not exist|invalid model name|not a valid model|unknown model|no such model|no endpoints found for|no allowed providers|model:? .{0,200}(not[ _]found|does not exist|not available|not loaded|is not served)/i;
const invalidWords = /invalid_request|invalid_value|unsupported_/i;
/** OpenRouter's, with status 404. */
const unsupportedWords = /no endpoints found that support/i;
/** What servers say of a path that they don't have. Errors of an API about something else have the same statuses. */
const pathWords =
  /\b(url|path|route|page|backend|resource|endpoint or method)\b|cannot (get|post)|method not allowed|^(404|405)?\W*(not[ _]found)?\W*$/i;
const filterWords = /content_filter|content management policy|ResponsibleAIPolicy|content_policy/i;

/** Of "maximum context length is 8192 tokens", "available context size (4096 tokens)" and "max_model_len=8192" the number. */
const contextTokensIn = (text: string): number | undefined => {
  const found = /(?:context (?:length|size|window)|max_model_len)\D{0,40}?(\d[\d,]*)/i.exec(text)?.[1];
  return found === undefined ? undefined : Number(found.replaceAll(',', ''));
};

const seconds = (ms: number) => `${Math.ceil(ms / 1000)} seconds`;

const quoted = ({ message, code }: Problem): string => {
  const said = message === '' ? code : message;
  return said === '' ? 'without saying why' : `it said: ${said}`;
};

/** Whether a request that got this status may succeed if it is sent again. */
const isPassing = (status: number) => [408, 409, 425].includes(status) || (status >= 500 && status !== 501);

/** The error that a problem is. `model` is the name that was sent, `asked` the one that the run gave. */
export const endpointErrorOf = (
  problem: Problem,
  model: { sent: string; asked: string },
  { retryAfterMs, shouldRetry }: RetryHints = {},
): EndpointError => {
  const { text, status = invalidWords.test(text) ? 400 : 500 } = problem;
  const error = (code: ModelErrorCode, message: string, isRetryable = false, options: ModelErrorOptions = {}) =>
    new EndpointError(
      code,
      message,
      {
        isRetryable: shouldRetry ?? isRetryable,
        retryAfterMs,
        summary: message.replace(`; ${quoted(problem)}`, ''),
        ...options,
      },
      problem,
    );
  const after = retryAfterMs === undefined ? '' : ` It asks to wait ${seconds(retryAfterMs)}.`;

  if (problem.isWebPage) {
    const title = problem.message === '' ? '' : ` titled "${problem.message}"`;
    const what = `The model endpoint returned status ${status} with a web page${title}, not a completion. Check the base URL and the proxies in between.`;
    return error('server_error', what, isPassing(status));
  }
  if (status === 401 || status === 403) {
    // What endpoints say here may quote a part of the key.
    return error('server_error', `The model endpoint rejected the credentials of this server (status ${status}).`);
  }
  if (status === 402 || (quotaWords.test(text) && (status === 429 || status === 403))) {
    return error('rate_limit_exceeded', `The account at the model endpoint has no quota left; ${quoted(problem)}`);
  }
  const mayLimitRate = status === 413 || problem.status === undefined;
  if (status === 429 || rateWords.test(problem.code) || (mayLimitRate && rateWords.test(text))) {
    const what = `The model endpoint limits the rate of requests; ${quoted(problem)}${after}`;
    return error('rate_limit_exceeded', what, status !== 413);
  }
  if (contextWords.test(text)) {
    const what = `The conversation is too long for the model "${model.sent}"; ${quoted(problem)}`;
    return error('context_length_exceeded', what, false, { contextTokens: contextTokensIn(text) });
  }
  if (unsupportedWords.test(text)) {
    return error('invalid_prompt', `The model "${model.sent}" does not support what the run needs; ${quoted(problem)}`);
  }
  if (noModelWords.test(text)) {
    const name = model.sent === model.asked ? `"${model.sent}"` : `"${model.sent}" (for "${model.asked}")`;
    return error('model_not_found', `The model endpoint has no model ${name}; ${quoted(problem)}`);
  }
  if (filterWords.test(text)) {
    return error('invalid_prompt', `The content filter of the model endpoint rejected the prompt; ${quoted(problem)}`);
  }
  if (status >= 300 && status < 400) {
    const what = `The model endpoint redirects requests (status ${status}), which are not sent elsewhere. Check the base URL.`;
    return error('server_error', what);
  }
  if ((status === 404 || status === 405) && pathWords.test(problem.message)) {
    const what = `The model endpoint has no such path (status ${status}); ${quoted(problem)}. Check the base URL and the API.`;
    return error('server_error', what);
  }
  if (status >= 400 && status < 500 && !isPassing(status)) {
    return error('invalid_prompt', `The model endpoint rejected the request (status ${status}); ${quoted(problem)}`);
  }
  return error(
    'server_error',
    `The model endpoint failed (status ${status}); ${quoted(problem)}${after}`,
    isPassing(status),
  );
};
