import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { Balancer } from './balancer.ts';

/** A TCP proxy that connects to one replica after the other, and to the next one if one cannot be reached. In place of nginx. */
export const startRoundRobin = async (replicas: readonly number[]): Promise<Balancer> => {
  let next = 0;
  const sockets = new Set<Socket>();
  const keep = (socket: Socket, end: () => void) => {
    sockets.add(socket);
    socket.on('error', end);
    socket.on('close', () => {
      sockets.delete(socket);
      end();
    });
  };
  const server = createServer({ pauseOnConnect: true }, (client) => {
    const attempt = (left: number) => {
      const port = replicas[next % replicas.length] ?? 0;
      next += 1;
      const replica = connect(port, '127.0.0.1');
      replica.once('error', () => (left > 1 ? attempt(left - 1) : client.destroy()));
      replica.once('connect', () => {
        replica.removeAllListeners('error');
        const end = () => {
          client.destroy();
          replica.destroy();
        };
        keep(client, end);
        keep(replica, end);
        client.pipe(replica).pipe(client);
        client.resume();
      });
    };
    client.on('error', () => undefined);
    attempt(replicas.length);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
  };
};
