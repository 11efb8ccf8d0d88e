import { LRUCache } from 'lru-cache';

/** Models whose limit is remembered. */
const mostModels = 1000;

/** A prompt that leaves less than this part of the context, and of the limit that was sent, has to be shortened instead. */
const leastOfContext = 1 / 4;
const leastOfLimit = 1 / 2;
/** The next limit, as a part of the one that was too high, if an error does not say how many tokens the prompt has. */
const lowered = 1 / 2;

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

/** The size of the context (vLLM, OpenAI, OpenRouter; SGLang; vLLM). */
const contextTokens =
  /maximum context length (?:is|of) ([\d,]+)|cannot be greater than max_model_len=[a-z_=]*([\d,]+)/i;

/** How many tokens the prompt has, as vLLM counts them. */
const promptTokens = /(?:has|passed|contains) ([\d,]+) input tokens/i;
/** All tokens and those of the completion; the rest are the prompt's, some of them of tools (OpenAI, OpenRouter, SGLang). */
const totalTokens =
  /requested (?:about |a total of )?([\d,]+)[.\d]* tokens[^]{0,160}?([\d,]+)[.\d]* (?:tokens )?(?:in|for) the (?:completion|output)/i;
/** What vLLM says if it stopped counting where the prompt was too long: the prompt may have more. */
const leastTokens = /contains at least [\d,]+ input tokens|cannot be greater than max_model_len/i;

const numberIn = (found: RegExpExecArray | null): number | undefined => {
  const digits = found?.slice(1).find((group) => group !== undefined);
  return digits === undefined ? undefined : Number(digits.replaceAll(',', ''));
};

const promptTokensIn = (text: string): number | undefined => {
  const counted = totalTokens.exec(text);
  const [total, completion] = [counted?.[1], counted?.[2]].map((digits) => Number(digits?.replaceAll(',', '')));
  return counted === null ? numberIn(promptTokens.exec(text)) : (total ?? 0) - (completion ?? 0);
};

/** Reads a limit that is lower than the one `sent` out of the error that rejects a request; undefined if it has none. */
export const completionLimitIn = (text: string, sent: number): CompletionLimit | undefined => {
  for (const pattern of ofModel) {
    const tokens = numberIn(pattern.exec(text));
    if (tokens !== undefined) return tokens < sent ? { tokens, isOfModel: true } : undefined;
  }
  const context = numberIn(contextTokens.exec(text));
  const prompt = promptTokensIn(text);
  if (context === undefined || (prompt === undefined && !leastTokens.test(text))) return undefined;
  const left = context - (prompt ?? context);
  if (prompt !== undefined && left < Math.min(context * leastOfContext, sent * leastOfLimit)) return undefined;
  // A limit that was sent before, and is said to fit, does not.
  const fits = prompt !== undefined && left < sent;
  return { tokens: fits ? left : Math.floor(Math.min(sent, context) * lowered), isOfModel: false };
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
