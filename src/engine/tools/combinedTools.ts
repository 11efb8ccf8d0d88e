import { noServerTools, type ServerTools } from './serverTools.ts';

/** Functions of several kinds. No two kinds have functions of the same name. */
export const combinedTools = (kinds: readonly ServerTools[]): ServerTools => {
  const kindOf = (name: string) => kinds.find((kind) => kind.has(name));
  return {
    has: (name) => kindOf(name) !== undefined,
    call: (call, signal) => (kindOf(call.name) ?? noServerTools).call(call, signal),
    close: async () => {
      await Promise.all(kinds.map((kind) => kind.close()));
    },
  };
};
