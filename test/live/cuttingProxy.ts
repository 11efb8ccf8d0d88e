import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface CuttingProxy {
  /** The URL of the proxy. */
  readonly url: string;
  /** Bytes from the server so far, over all connections. */
  readonly passed: () => number;
  /** How many connections were cut. */
  readonly cuts: () => number;
  readonly close: () => Promise<void>;
}

/**
 * A proxy in front of the server at `url`. Each time the server has sent as many bytes in all as the next of `points`, which
 * are ascending, the connection that carried the last of them is reset.
 */
export const startCuttingProxy = async (url: string, points: readonly number[]): Promise<CuttingProxy> => {
  const target = new URL(url);
  const left = [...points];
  const sockets = new Set<Socket>();
  let passed = 0;
  let cuts = 0;

  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    client.pipe(upstream);
    upstream.on('data', (bytes: Buffer) => {
      const [point = Number.POSITIVE_INFINITY] = left;
      if (passed + bytes.length < point) {
        passed += bytes.length;
        client.write(bytes);
        return;
      }
      const last = bytes.subarray(0, Math.max(0, point - passed));
      passed += last.length;
      cuts += 1;
      left.shift();
      upstream.removeAllListeners('data').resume();
      client.write(last, () => client.resetAndDestroy());
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${target.pathname}`,
    passed: () => passed,
    cuts: () => cuts,
    close: async () => {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
  };
};
