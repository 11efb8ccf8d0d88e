import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A TCP proxy that can stop forwarding, as a network does that loses every packet. */
export interface StallingProxy {
  readonly port: number;
  /** Stops forwarding in both directions. Connections stay open, and new ones are accepted but not forwarded. */
  stall(): void;
  /** Forwards again, what arrived in the meantime included. */
  resume(): void;
  /** Resets all connections, and forwards the next ones. */
  reset(): void;
  close(): Promise<void>;
}

/** Starts a proxy on a free port of 127.0.0.1, for a server on another port of it. */
export const startStallingProxy = async (targetPort: number): Promise<StallingProxy> => {
  const pairs = new Set<{ client: Socket; server: Socket }>();
  let isStalled = false;

  const listener = createServer((client) => {
    const server = connect(targetPort, '127.0.0.1');
    const pair = { client, server };
    pairs.add(pair);
    const end = () => {
      pairs.delete(pair);
      client.destroy();
      server.destroy();
    };
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      from.setNoDelay(true);
      from.on('data', (bytes) => to.write(bytes));
      from.on('error', end);
      from.on('close', () => {
        // A lost end is not noticed on the other side either.
        if (!isStalled) end();
      });
      if (isStalled) from.pause();
    }
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');

  const each = (action: (socket: Socket) => void) => {
    for (const { client, server } of pairs) {
      action(client);
      action(server);
    }
  };
  return {
    port: (listener.address() as AddressInfo).port,
    stall: () => {
      isStalled = true;
      each((socket) => socket.pause());
    },
    resume: () => {
      isStalled = false;
      for (const pair of pairs) {
        if (!pair.client.destroyed && !pair.server.destroyed) continue;
        pairs.delete(pair);
        pair.client.destroy();
        pair.server.destroy();
      }
      each((socket) => socket.resume());
    },
    reset: () => {
      isStalled = false;
      each((socket) => socket.resetAndDestroy());
      pairs.clear();
    },
    close: async () => {
      listener.close();
      each((socket) => socket.destroy());
      await once(listener, 'close');
    },
  };
};
