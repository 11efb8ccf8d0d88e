/** What the command line asks for. */
export type Command =
  | { readonly name: 'serve' | 'help' | 'version' }
  | { readonly name: 'schema'; readonly subgraph: boolean }
  | { readonly name: 'backup'; readonly target: string };

/** Thrown for a command line that means nothing. The message is one line for an operator. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Reads the arguments behind the command's name. Throws UsageError. */
export const commandOf = (args: readonly string[]): Command => {
  if (args.includes('--help')) return { name: 'help' };
  const [first, ...rest] = args;
  if (first === undefined) return { name: 'serve' };
  if (first === 'backup') return backupOf(rest);
  if (first !== 'schema' && first !== '--version') throw unknown(first);
  const extra = rest.find((arg) => first !== 'schema' || arg !== '--subgraph');
  if (extra !== undefined) throw unknown(extra);
  return first === 'schema' ? { name: 'schema', subgraph: rest.length > 0 } : { name: 'version' };
};

const backupOf = ([target, extra]: readonly string[]): Command => {
  if (target === undefined || target === '') throw new UsageError('backup needs the path of the new file: backup FILE');
  if (target.startsWith('-')) throw unknown(target);
  if (extra !== undefined) throw unknown(extra);
  return { name: 'backup', target };
};

const unknown = (arg: string) =>
  new UsageError(
    `Unknown argument ${arg}: there are backup FILE, schema [--subgraph], --help and --version. Settings are environment variables.`,
  );
