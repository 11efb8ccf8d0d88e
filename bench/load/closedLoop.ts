import type { WorkRequest } from '../request.ts';
import { Connection } from './connection.ts';

export interface Load {
  /** The server, such as `http://127.0.0.1:4000`. */
  readonly url: string;
  readonly request: WorkRequest;
  /** Each sends its next request when it has the response to its last one. */
  readonly connections: number;
  readonly ms: number;
}

/** No round sends more than this, however fast the server is. */
const MAX_REQUESTS = 200_000;

/** Keeps a server busy for a while; resolves with how much it did. Rejects at the first response that differs from the others. */
export const closedLoop = async ({
  url,
  request,
  connections,
  ms,
}: Load): Promise<{ requests: number; ms: number }> => {
  const open = await Promise.all(Array.from({ length: connections }, () => Connection.open(url)));
  const started = performance.now();
  let requests = 0;
  let bytes: number | undefined;
  const drive = async (connection: Connection) => {
    const prepared = connection.bytesOf(request);
    while (performance.now() - started < ms && requests < MAX_REQUESTS) {
      const reply = await connection.send(prepared);
      requests += 1;
      bytes ??= reply.bytes;
      if (reply.status !== 200 || !alike(reply.bytes, bytes)) {
        throw new Error(
          `${url}${request.path} responded ${reply.status} with ${reply.bytes} bytes; ${bytes} were expected`,
        );
      }
    }
  };
  try {
    await Promise.all(open.map(drive));
    return { requests, ms: performance.now() - started };
  } finally {
    for (const connection of open) connection.close();
  }
};

/** Heads may differ by a few bytes, and a body that is sent in chunks by the lines between them. */
const alike = (one: number, other: number) => Math.abs(one - other) <= 64 + other / 100;
