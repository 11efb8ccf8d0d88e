import { httpErrors } from '../httpErrors.ts';
import type { Model, ModelList } from './model.ts';
import { ModelError } from './modelError.ts';

/** Milliseconds that a request to the engine waits for the list. */
const listTimeoutMs = 10_000;
/** Milliseconds that the creation of an assistant or a run waits for the list. */
const checkTimeoutMs = 2_000;
/** Milliseconds after a failed check in which names are accepted without another. */
const checkPauseMs = 30_000;

/** Whether a model endpoint is there. */
export interface ModelProbe {
  /** False if nothing answers, or only with server errors. */
  isReachable: boolean;
  /** Null if the endpoint lists its models. */
  problem: string | null;
}

/** What the engine knows about the names of a model's models. */
export class KnownModels {
  readonly #model: Model;
  #pauseUntil = 0;

  constructor(model: Model) {
    this.#model = model;
  }

  /** @throws {HttpError} 502 if the endpoint returns no list. */
  async list(): Promise<ModelList> {
    try {
      return await this.#model.listModels(AbortSignal.timeout(listTimeoutMs));
    } catch (error) {
      throw httpErrors.noModelList(error instanceof ModelError ? error.message : 'The model endpoint is too slow.');
    }
  }

  /**
   * Accepts every name if the list is not complete or cannot be read; the run then fails.
   * @throws {HttpError} 400 if the endpoint has no model of this name.
   */
  async check(name: string | null | undefined): Promise<void> {
    if (name === null || name === undefined || performance.now() < this.#pauseUntil) return;
    let list: ModelList;
    try {
      list = await this.#model.listModels(AbortSignal.timeout(checkTimeoutMs));
    } catch {
      this.#pauseUntil = performance.now() + checkPauseMs;
      return;
    }
    // Ollama lists `llama3:latest` and takes `llama3`; OpenRouter takes variants such as `llama3:free` of what it lists.
    const [family] = name.split(':');
    if (!list.isComplete || list.models.some(({ id }) => id === name || id.split(':')[0] === family)) return;
    throw httpErrors.unknownModel(
      name,
      list.models.map(({ id }) => id),
    );
  }

  /** Spends no tokens. Never rejects. */
  async probe(signal: AbortSignal): Promise<ModelProbe> {
    try {
      await this.#model.probe(signal);
      return { isReachable: true, problem: null };
    } catch (error) {
      if (!(error instanceof ModelError)) return { isReachable: false, problem: 'The model endpoint is too slow.' };
      return { isReachable: error.code !== 'server_error' || !error.isRetryable, problem: error.summary };
    }
  }
}
