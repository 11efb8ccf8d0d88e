import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

/** A port that nothing listens on, for a server that cannot report which it took. */
export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
