import { userInputError } from '../context/errors.ts';
import type { RestChunkingStrategy } from '../wire/tool.ts';
import { restKeys } from './restKeys.ts';

/** Exactly one member is set. */
export interface ChunkingStrategyInput {
  auto?: boolean | null | undefined;
  static?: { maxChunkSizeTokens: number; chunkOverlapTokens: number } | null | undefined;
}

/** Throws BAD_USER_INPUT for `auto: false`. */
export const chunkingBody = (strategy: ChunkingStrategyInput): RestChunkingStrategy => {
  if (strategy.static) return { type: 'static', static: restKeys(strategy.static) };
  if (strategy.auto) return { type: 'auto' };
  throw userInputError('`auto` cannot be false. Leave out `chunkingStrategy` instead.');
};
