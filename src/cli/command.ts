/** What the command line asks for. */
export type Command =
  | { readonly name: 'serve' | 'help' | 'version' }
  | { readonly name: 'schema'; readonly subgraph: boolean };

/** Thrown for a command line that means nothing. The message is one line for an operator. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Reads the arguments behind the command's name. Throws UsageError. */
export const commandOf = (args: readonly string[]): Command => {
  if (args.includes('--help')) return { name: 'help' };
  const [first, ...rest] = args;
  if (first === undefined) return { name: 'serve' };
  if (first !== 'schema' && first !== '--version') throw unknown(first);
  const extra = rest.find((arg) => first !== 'schema' || arg !== '--subgraph');
  if (extra !== undefined) throw unknown(extra);
  return first === 'schema' ? { name: 'schema', subgraph: rest.length > 0 } : { name: 'version' };
};

const unknown = (arg: string) =>
  new UsageError(
    `Unknown argument ${arg}: there are schema [--subgraph], --help and --version. Settings are environment variables.`,
  );
