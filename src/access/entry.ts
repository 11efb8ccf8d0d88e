import type { HeadersView } from './credentials.ts';

/** What a request is sent to: the graph, the REST API of the embedded engine, or the metrics. A preflight carries no credentials for either. */
export type Surface = 'graphql' | 'rest' | 'metrics' | 'preflight';

/** A request or a WebSocket, before anything but its headers is read. */
export interface Entry {
  readonly surface: Surface;
  readonly headers: HeadersView;
}

/** Checks a request by its headers. Throws RequestError to refuse it. */
export type EntryCheck = (entry: Entry) => void;
