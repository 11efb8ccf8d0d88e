import { setTimeout as sleep } from 'node:timers/promises';
import { IngestionError } from '../ingestion/ingestionError.ts';

/** An endpoint that turns texts into vectors. */
export interface EmbeddingEndpoint {
  /** Such as `https://api.openai.com/v1`. */
  baseUrl: string;
  model: string;
  apiKey?: string | undefined;
}

/** Texts in one request. Some servers take no more. */
export const EMBEDDING_BATCH = 32;
const TIMEOUT_MS = 60_000;
/** How long a search waits for the vector of its query. */
export const QUERY_TIMEOUT_MS = 5000;
/** Pauses before the next attempts. */
const PAUSES_MS = [250, 1000, 4000, 10_000];
/** Longest pause that an endpoint may ask for. */
const MAX_PAUSE_MS = 60_000;

const isTemporary = (status: number) => status === 408 || status === 429 || status >= 500;

const pauseOf = (response: Response | undefined, usual: number): number => {
  const seconds = Number(response?.headers.get('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds * 1000, MAX_PAUSE_MS) : usual;
};

/** The vector with the length 1, so that the cosine of two is their product. */
const unitVector = (values: readonly unknown[]): Float32Array => {
  const vector = Float32Array.from(values, Number);
  const length = Math.hypot(...vector);
  return length > 0 && Number.isFinite(length)
    ? vector.map((value) => value / length)
    : new Float32Array(vector.length);
};

const vectorsIn = (body: unknown, count: number): Float32Array[] => {
  const { data } = Object(body) as { data?: unknown };
  const none: Float32Array = new Float32Array();
  const vectors = Array.from({ length: count }, () => none);
  const items: unknown[] = Array.isArray(data) ? data : [];
  for (const [place, item] of items.entries()) {
    const { index, embedding } = Object(item) as { index?: unknown; embedding?: unknown };
    if (Array.isArray(embedding)) vectors[typeof index === 'number' ? index : place] = unitVector(embedding);
  }
  const [first] = vectors;
  const isWhole = vectors.length === count && vectors.every((each) => each.length > 0 && each.length === first?.length);
  if (!isWhole)
    throw new IngestionError('server_error', 'The embedding endpoint did not return one vector for each text.');
  return vectors;
};

export interface EmbeddingOptions {
  /** How often the endpoint is called at most, if its failures may pass. */
  attempts?: number;
  /** For each attempt. */
  timeoutMs?: number;
  signal?: AbortSignal;
}

export interface Embedder {
  readonly model: string;
  /**
   * One vector of length 1 for each of at most `EMBEDDING_BATCH` texts. Rejects with `IngestionError`, or with the reason of an
   * aborted `signal`.
   */
  embed(texts: readonly string[], options?: EmbeddingOptions): Promise<Float32Array[]>;
}

/** Calls `POST /embeddings` of the endpoint, again after failures that may pass. Its errors never contain the key. */
export const embedder = ({ baseUrl, model, apiKey }: EmbeddingEndpoint): Embedder => {
  const request = (input: readonly string[], timeoutMs: number, signal?: AbortSignal) =>
    fetch(`${baseUrl.replace(/\/$/u, '')}/embeddings`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(apiKey !== undefined && { authorization: `Bearer ${apiKey}` }),
      },
      body: JSON.stringify({ model, input, encoding_format: 'float' }),
      redirect: 'error',
      signal: AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(signal === undefined ? [] : [signal])]),
    });

  return {
    model,
    embed: async (texts, { attempts = PAUSES_MS.length + 1, timeoutMs = TIMEOUT_MS, signal } = {}) => {
      let reason = '';
      for (let attempt = 1; attempt <= attempts; attempt += 1) {
        const response = await request(texts, timeoutMs, signal).catch(() => undefined);
        const body: unknown = response?.ok === true ? await response.json().catch(() => undefined) : undefined;
        signal?.throwIfAborted();
        if (response?.ok === true) return vectorsIn(body, texts.length);
        reason = response === undefined ? 'could not be reached' : `returned HTTP ${response.status}`;
        await response?.body?.cancel();
        if (response !== undefined && !isTemporary(response.status)) break;
        if (attempt < attempts) await sleep(pauseOf(response, PAUSES_MS[attempt - 1] ?? 0), undefined, { signal });
      }
      throw new IngestionError('server_error', `The embedding endpoint ${reason}.`);
    },
  };
};
