import { LRUCache } from 'lru-cache';

/** Models whose limit is remembered. */
const mostModels = 1000;

/** If a prompt leaves less of the context than this part, it has to be shortened instead. */
const leastCompletion = 1 / 4;

/** How many tokens a completion may have, as an error says. */
export interface CompletionLimit {
  tokens: number;
  /** Whether it applies to every request of the model, and not to this prompt only. */
  isOfModel: boolean;
}

/**
 * What errors say about a limit of the model. Sources: NextChat#3195 ("supports at most 16384 completion tokens"), openclaude#331
 * ("expected a value <= 12288"), DeepSeek and Qwen ("valid range of max_tokens is [1, 8192]"), Groq ("must be less than or equal to
 * `8192`"), Anthropic's endpoint for OpenAI's clients ("max_tokens: 50000 > 8192").
 */
const ofModel = [
  /at most ([\d,]+) (?:completion|output) tokens/i,
  /max\w*_tokens[^]{0,80}?expected a value <= ([\d,]+)/i,
  /max\w*_tokens[^]{0,60}?\[\d+, ?([\d,]+)\]/i,
  /max\w*_tokens[^]{0,40}?less than or equal to [`'"]?([\d,]+)/i,
  /max\w*_tokens: [\d,]+ > ([\d,]+)/i,
];

/** How many tokens the prompt has, as the server counts them (vLLM, OpenAI). */
const promptTokens = /(?:has|passed|contains at least|contains) ([\d,]+) input tokens|\(([\d,]+) in the messages/i;
const contextTokens = /maximum context length is ([\d,]+)/i;

const numberIn = (found: RegExpExecArray | null): number | undefined => {
  const digits = found?.slice(1).find((group) => group !== undefined);
  return digits === undefined ? undefined : Number(digits.replaceAll(',', ''));
};

/** Reads the limit out of the error that rejects a request; undefined if it has none. */
export const completionLimitIn = (text: string): CompletionLimit | undefined => {
  for (const pattern of ofModel) {
    const tokens = numberIn(pattern.exec(text));
    if (tokens !== undefined) return { tokens, isOfModel: true };
  }
  const [context, prompt] = [numberIn(contextTokens.exec(text)), numberIn(promptTokens.exec(text))];
  if (context === undefined || prompt === undefined) return undefined;
  const tokens = context - prompt;
  return tokens < context * leastCompletion ? undefined : { tokens, isOfModel: false };
};

/** Remembers the limits of models. */
export class KnownCompletionLimits {
  readonly #byModel = new LRUCache<string, number>({ max: mostModels });

  /** `tokens`, or the limit of the model if that is lower. */
  within(model: string, tokens: number | null): number | null {
    return tokens === null ? null : Math.min(tokens, this.#byModel.get(model) ?? tokens);
  }

  set(model: string, { tokens, isOfModel }: CompletionLimit): void {
    if (isOfModel) this.#byModel.set(model, tokens);
  }
}
