import { setTimeout as sleep } from 'node:timers/promises';
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { backoffMs } from '../../backoff.ts';
import { connectMcp, type McpClient } from './mcpClient.ts';
import { failureOf, McpCallError } from './mcpFailure.ts';
import type { McpSdk } from './mcpSdk.ts';
import type { McpServer } from './mcpServer.ts';

const longestPauseMs = 8_000;

export interface McpConnectionOptions {
  /** Of the handshake, and of each call. */
  timeoutMs: number;
  /** How often a call is made again, if that can't run the tool twice. */
  maxRetries: number;
  /** Milliseconds before the first retry at the most; each further one doubles it. */
  firstPauseMs: number;
  /** Called with the names of the server's tools after each handshake. */
  onTools: (names: string[]) => void;
}

interface McpCall {
  tool: string;
  arguments: Record<string, unknown>;
  /** Passed to the server with the call. */
  meta: Record<string, unknown>;
}

/** Rejects with the reason of `signal` as soon as it is aborted; `work` goes on. */
const abortable = <T>(work: Promise<T>, signal: AbortSignal): Promise<T> => {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason as Error);
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
};

/** An MCP server that is connected to when it is needed, and again after a connection has ended. All calls share one connection. */
export class McpConnection {
  readonly #server: McpServer;
  readonly #sdk: McpSdk;
  readonly #options: McpConnectionOptions;
  #current: Promise<McpClient> | undefined;
  readonly #closing = new AbortController();

  constructor(server: McpServer, sdk: McpSdk, options: McpConnectionOptions) {
    this.#server = server;
    this.#sdk = sdk;
    this.#options = options;
  }

  /** Connects. Rejects with `McpCallError`. */
  async open(): Promise<McpClient> {
    if (this.#closing.signal.aborted) throw new McpCallError({ message: 'the server is stopping.' });
    this.#current ??= this.#connect();
    const current = this.#current;
    try {
      return await current;
    } catch (error) {
      this.#forget(current);
      const failure = failureOf(error, this.#sdk, this.#options.timeoutMs);
      const written = error instanceof Error && 'errorOutput' in error ? String(error.errorOutput) : '';
      throw new McpCallError({
        ...failure,
        detail: joined(failure.detail, written),
        // No call was made. It is made again, unless that would only fail in the same way.
        hasRun: failure.isBroken === true || failure.hasRun === 'no' ? 'no' : 'yes',
      });
    }
  }

  /** Calls a tool. Rejects with `McpCallError`, or with the reason of an aborted `signal`. */
  async call(call: McpCall, signal: AbortSignal): Promise<CallToolResult> {
    const { maxRetries, firstPauseMs } = this.#options;
    for (let retry = 1; ; retry += 1) {
      try {
        return await this.#attempt(call, signal);
      } catch (error) {
        const mayRetry =
          error instanceof McpCallError && error.failure.hasRun === 'no' && !this.#closing.signal.aborted;
        if (!mayRetry || retry > maxRetries) throw error;
        await sleep(backoffMs(retry, { firstMs: firstPauseMs, maxMs: longestPauseMs }), undefined, { signal }).catch(
          () => signal.throwIfAborted(),
        );
      }
    }
  }

  /** Ends the connection, also while it is being made. */
  async close(): Promise<void> {
    this.#closing.abort();
    const connected = await this.#current?.catch(() => undefined);
    await connected?.close();
  }

  #connect(): Promise<McpClient> {
    const { timeoutMs: timeout, onTools } = this.#options;
    const forget = () => this.#forget(connecting);
    const limits = { timeout, signal: this.#closing.signal };
    const connecting = connectMcp(this.#server, this.#sdk, limits, forget).then((connected) => {
      onTools([...connected.tools.keys()]);
      return connected;
    });
    return connecting;
  }

  #forget(connection: Promise<McpClient>) {
    if (this.#current === connection) this.#current = undefined;
  }

  /** Ends a connection that can't be used any more. */
  async #drop(broken: McpClient) {
    const current = this.#current;
    if (current !== undefined && (await current.catch(() => undefined)) === broken) this.#forget(current);
    await broken.client.close().catch(() => undefined);
  }

  async #attempt({ tool, arguments: given, meta }: McpCall, signal: AbortSignal): Promise<CallToolResult> {
    const connected = await abortable(this.open(), signal);
    const { timeoutMs } = this.#options;
    try {
      const params = { name: tool, arguments: given, _meta: meta };
      const result = await connected.client.callTool(params, undefined, { signal, timeout: timeoutMs });
      // The results of the protocol's first version, which the SDK accepts as well, have no content.
      return 'content' in result ? (result as CallToolResult) : { content: [], structuredContent: result };
    } catch (error) {
      signal.throwIfAborted();
      const { hasRun = 'yes', detail, ...failure } = failureOf(error, this.#sdk, timeoutMs);
      if (failure.isBroken === true) void this.#drop(connected);
      const { readOnlyHint, idempotentHint } = connected.tools.get(tool)?.annotations ?? {};
      const isRepeatable = readOnlyHint === true || idempotentHint === true;
      throw new McpCallError({
        ...failure,
        hasRun: hasRun === 'unknown' && isRepeatable ? 'no' : hasRun,
        detail: joined(detail, connected.errorOutput()),
      });
    }
  }
}

const joined = (...details: (string | undefined)[]) =>
  details.filter((each) => each !== undefined && each !== '').join('; ');
