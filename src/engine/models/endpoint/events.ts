import { createParser } from 'eventsource-parser';
import { ModelError } from '../modelError.ts';
import { isObject, type JsonObject } from './json.ts';

/** UTF-16 units of one event, or of a body that is one JSON value. */
const longestEvent = 8 * 1024 * 1024;
/** UTF-16 units of a web page that are read, to find its title. */
const longestPage = 64 * 1024;
const longestExcerpt = 100;

type Form = 'events' | 'json' | 'page';

/** Some gateways send events if JSON was requested, or JSON if events were, with either content type: the first character decides. */
const formOf = (start: string): Form => (start === '{' || start === '[' ? 'json' : start === '<' ? 'page' : 'events');

const tooLarge = () => new ModelError('server_error', 'The model endpoint sent an event larger than 8 MiB.');

/** Reads the JSON objects of a response body: server-sent events, or one JSON object. */
export class EventReader {
  /** True after `[DONE]`. What follows is not read. */
  isDone = false;
  #form: Form | undefined;
  #text = '';
  #events: JsonObject[] = [];
  #failure: ModelError | undefined;
  readonly #decoder = new TextDecoder();
  readonly #parser = createParser({
    maxBufferSize: longestEvent,
    onEvent: ({ event, data }) => this.#take(event, data),
    onError: ({ type }) => {
      if (type === 'max-buffer-size-exceeded') this.#failure ??= tooLarge();
    },
  });

  /** Returns the objects that the piece completes, up to one that can't be read: see `throwIfBroken`. */
  feed(chunk: Uint8Array): JsonObject[] {
    return this.#read(this.#decoder.decode(chunk, { stream: true }));
  }

  /** @throws {ModelError} if an event was no JSON object, or too large. */
  throwIfBroken(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Returns the object of a body that is one. Events that are not complete are dropped. */
  end(): JsonObject[] {
    if (this.#form !== 'json') return [];
    this.#take(undefined, this.#text);
    return this.#flush();
  }

  /** The web page that came instead; undefined if none did. */
  get page(): string | undefined {
    return this.#form === 'page' ? this.#text : undefined;
  }

  #read(text: string): JsonObject[] {
    const start = this.#form === undefined ? text.trimStart() : text;
    if (start === '') return [];
    this.#form ??= formOf(start.charAt(0));
    if (this.#form === 'events') this.#parser.feed(start);
    else if (this.#form === 'json') this.#text += start;
    else if (this.#text.length < longestPage) this.#text += start;
    if (this.#text.length > longestEvent) this.#failure ??= tooLarge();
    return this.#flush();
  }

  #flush(): JsonObject[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }

  #take(name: string | undefined, data: string): void {
    if (this.isDone || this.#failure !== undefined) return;
    if (data.trim() === '[DONE]') {
      this.isDone = true;
      return;
    }
    let value: unknown;
    try {
      value = JSON.parse(data);
    } catch {
      value = undefined;
    }
    if (name === 'error' && (!isObject(value) || !('error' in value))) {
      this.#events.push({ error: value ?? data });
    } else if (isObject(value)) this.#events.push(value);
    else if (data.trim() !== '') {
      const excerpt = data.slice(0, longestExcerpt);
      const message = `The model endpoint sent an event that is no JSON object: ${excerpt}`;
      this.#failure = new ModelError('server_error', message);
    }
  }
}
