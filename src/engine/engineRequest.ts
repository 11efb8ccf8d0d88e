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

/** Nearly all responses are JSON. The others are event streams and the content of files. */
export type EngineResponse = JsonResponse | Response;
