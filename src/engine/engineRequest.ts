/** What the engine reads of a request. A Request of the Fetch standard is one. */
export interface EngineRequest {
  readonly method: string;
  /** Absolute, on any host. */
  readonly url: string;
  readonly headers: { get(name: string): string | null };
  /** Whole, or as it arrives. */
  readonly body: string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array> | null;
}

/** A whole response, whose body is JSON. Header names are in lower case. */
export interface JsonResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** The text of a stream of server-sent events. */
export interface EventTexts {
  /** The next events, each of them whole; undefined at the end. Not called again before it has settled. Rejects if they cannot be read. */
  next(): Promise<string | undefined>;
  /** Ends the stream at once, also while `next` is pending. */
  close(): void;
}

/** A stream of server-sent events. Header names are in lower case. */
export interface EventStreamResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly events: EventTexts;
}

/** Nearly all responses are JSON. Those of the Fetch standard are the content of files. */
export type EngineResponse = JsonResponse | EventStreamResponse | Response;
