import type { Context, UpstreamKind } from '../context/context.ts';
import { allCapabilities, type Capability } from '../rest/capabilities.ts';

/** The operations of the upstream. Those of the embedded engine are known; an external one is asked by the caller's credentials. */
export const upstreamCapabilities = (
  kind: UpstreamKind,
  { rest }: Pick<Context, 'rest'>,
): readonly Capability[] | Promise<readonly Capability[]> =>
  kind === 'embedded' ? allCapabilities : rest.capabilities.probe();
