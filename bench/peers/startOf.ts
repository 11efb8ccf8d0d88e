import type { Start } from '../subjects/subject.ts';

/** How a peer is started that is a `server.ts` in the folder of `name`, run as this project's own server is. */
export const startOf =
  (name: string) =>
  (upstream: string): Start => ({
    args: ['--import', 'tsx', 'server.ts'],
    cwd: new URL(`${name}/`, import.meta.url),
    env: { UPSTREAM: upstream },
  });
