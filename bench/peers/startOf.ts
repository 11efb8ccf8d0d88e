import { built } from '../machine/build.ts';
import type { Start } from '../subjects/subject.ts';

/** How a peer is started that is a `server.ts` in the folder of `name`. */
export const startOf =
  (name: string) =>
  async (upstream: string): Promise<Start> => ({
    args: [await built(name, new URL(`${name}/server.ts`, import.meta.url))],
    env: { UPSTREAM: upstream },
  });
