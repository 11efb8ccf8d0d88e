import { parseArgs, type ParseArgsConfig } from 'node:util';

/** What the command line asks for. */
export type Command =
  | { readonly name: 'serve' | 'help' | 'version' }
  | { readonly name: 'schema'; readonly subgraph: boolean }
  | { readonly name: 'backup'; readonly target: string }
  | CopyCommand
  | ExportCommand
  | ImportCommand;

/** `file` is the data file that is copied into the database of the settings. */
export interface CopyCommand {
  readonly name: 'copy';
  readonly file: string;
}

/** `file` and `threads` are paths, or `-` for standard output and standard input. */
export interface ExportCommand {
  readonly name: 'export';
  readonly file: string;
  /** A file of thread ids, for servers that cannot list them. */
  readonly threads: string | undefined;
  readonly tenant: string | undefined;
}

export interface ImportCommand {
  readonly name: 'import';
  /** Paths, or `-` for standard input. At least one. */
  readonly files: readonly string[];
  readonly tenant: string | undefined;
  readonly strict: boolean;
}

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
  if (first === 'copy') return copyOf(rest);
  if (first === 'export') return exportOf(rest);
  if (first === 'import') return importOf(rest);
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

const copyOf = ([file, extra]: readonly string[]): CopyCommand => {
  if (file === undefined || file === '') throw new UsageError('copy needs the path of the data file: copy FILE');
  if (file.startsWith('-')) throw unknown(file);
  if (extra !== undefined) throw unknown(extra);
  return { name: 'copy', file };
};

const unknown = (arg: string) =>
  new UsageError(
    `Unknown argument ${arg}: there are backup FILE, copy FILE, export FILE, import FILE, schema [--subgraph], --help and --version. Settings are environment variables.`,
  );

const exportOf = (args: readonly string[]): ExportCommand => {
  const usage = 'export FILE [--threads FILE] [--tenant NAME]';
  const { values, positionals } = parsed(args, { threads: { type: 'string' }, tenant: { type: 'string' } }, usage);
  const [file, ...others] = positionals;
  if (file === undefined || others.length > 0) throw new UsageError(`Export writes one file: ${usage}`);
  return { name: 'export', file, threads: values['threads'], tenant: values['tenant'] };
};

const importOf = (args: readonly string[]): ImportCommand => {
  const usage = 'import FILE... [--tenant NAME] [--strict]';
  const { values, positionals: files } = parsed(
    args,
    { tenant: { type: 'string' }, strict: { type: 'boolean' } },
    usage,
  );
  if (files.length === 0) throw new UsageError(`Import needs a file, or - for standard input: ${usage}`);
  return { name: 'import', files, tenant: values['tenant'], strict: values['strict'] === true };
};

const parsed = <const Options extends NonNullable<ParseArgsConfig['options']>>(
  args: readonly string[],
  options: Options,
  usage: string,
) => {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    const [problem] = (error instanceof Error ? error.message : String(error)).split('. ');
    throw new UsageError(`${problem}. Usage: ${usage}`);
  }
};
