import { Connection } from '../load/connection.ts';
import type { WorkRequest } from '../request.ts';
import { microseconds, sentAt } from './clock.ts';
import { drive, type Round } from './drive.ts';

export interface StreamedRequest {
  /** Such as `http://127.0.0.1:4000`. */
  readonly url: string;
  readonly request: WorkRequest;
  /** What the stream of a run that has completed contains. */
  readonly completed: string;
}

/** Makes runs by requests whose responses stream them, each on a connection of its own. Rejects if one of them does not complete. */
export const driveOverHttp = async (
  { url, request, completed }: StreamedRequest,
  runs: number,
  atATime: number,
): Promise<Round> => {
  const connections = await Promise.all(Array.from({ length: atATime }, () => Connection.open(url)));
  const runOn = (connection: Connection) => {
    const bytes = connection.bytesOf(request);
    return async () => {
      const started = microseconds();
      let text = '';
      let firstToken: number | undefined;
      const reply = await connection.send(bytes, (chunk) => {
        if (firstToken !== undefined) return;
        text += chunk.toString('latin1');
        const sent = sentAt(text);
        if (sent !== undefined) firstToken = microseconds() - sent;
      });
      const took = microseconds() - started;
      if (firstToken === undefined || !reply.body().includes(completed)) {
        throw new Error(`${url}${request.path} responded ${reply.status} with ${reply.body().slice(0, 500)}`);
      }
      return { took, firstToken };
    };
  };
  try {
    return await drive(runs, connections.map(runOn));
  } finally {
    for (const connection of connections) connection.close();
  }
};
