import { Agent } from 'undici';

/** Idle connections are closed before servers that close them after 5 seconds do so: a request that is sent just then would fail. */
const keepAliveMs = 4_000;

/** Connections of the engine to other servers, for requests whose time is limited by their signals alone. */
export const httpAgent = (): Agent => new Agent({ keepAliveTimeout: keepAliveMs, headersTimeout: 0, bodyTimeout: 0 });
