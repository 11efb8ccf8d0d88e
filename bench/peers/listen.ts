import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Listens on a free port of this machine, and says where. */
export const listen = (server: Server) => {
  server.listen(0, '127.0.0.1', () => say((server.address() as AddressInfo).port));
};

/** Tells the benchmark that a server is ready. */
export const say = (port: number | string) => process.stdout.write(`listening on http://127.0.0.1:${port}\n`);
