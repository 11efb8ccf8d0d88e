import type { HeadersView } from '../access/credentials.ts';

/** The headers of W3C Trace Context, which say which span caused a request. */
export type TraceHeaders = Readonly<Record<string, string>>;

const NONE: TraceHeaders = {};

/** Version 00, or a later one whose first fields are the same. Ids of zeros are invalid. */
const TRACEPARENT = /^(?!ff)[\da-f]{2}-(?!0{32})[\da-f]{32}-(?!0{16})[\da-f]{16}-[\da-f]{2}(?:-.*)?$/;

/** Printable, and of the length that every participant has to pass on. */
const TRACESTATE = /^[\x20-\x7e]{1,512}$/;

/** The trace headers of a request, if they are valid; none otherwise. Source: https://www.w3.org/TR/trace-context/ */
export const traceHeadersIn = (headers: HeadersView): TraceHeaders => {
  const traceparent = headers.get('traceparent');
  if (traceparent === null || traceparent.length > 512 || !TRACEPARENT.test(traceparent)) return NONE;
  const tracestate = headers.get('tracestate');
  return tracestate !== null && TRACESTATE.test(tracestate) ? { traceparent, tracestate } : { traceparent };
};
