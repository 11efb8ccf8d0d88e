/** A file that code finds in `/mnt/data`. */
export interface InputFile {
  /** The same id always has the same content. */
  id: string;
  /** Path within `/mnt/data`. */
  name: string;
  bytes: number;
  read: () => AsyncIterable<Uint8Array>;
}

/** Code of one call. */
export interface CodeRequest {
  /** Calls with the same session share variables and files, as long as the session lives. */
  sessionId: string;
  /** Python. */
  code: string;
  /** Called before the code is run. The files that the session has not got yet are copied into it. */
  files: (isNewSession: boolean) => Promise<readonly InputFile[]>;
}

/** A file that code wrote. `name` is a path within `/mnt/data`, as `outputNameOf` allows it. */
export interface OutputFile {
  name: string;
  content: Uint8Array;
}

export interface CodeOutcome {
  /** What the code wrote to stdout and stderr, the value of its last expression, and its error, if any. */
  logs: string;
  /** Figures that the code showed, as PNG. */
  images: Uint8Array[];
  /** Files in `/mnt/data` that the code wrote or changed. */
  files: OutputFile[];
  /** What the user and the model should know: that the code was ended and why, that files were not kept, and so on. */
  notes: string[];
  /** Whether the session began with this call. */
  isNewSession: boolean;
}

/** Runs Python code where it can reach nothing but its own session. */
export interface CodeRunner {
  /** For logs. */
  readonly name: string;
  /** Why no code is run, for operators and users; undefined if code is run. */
  readonly problem: string | undefined;
  /**
   * Code that fails, or that is ended because it exceeds a limit, has an outcome that says so. Rejects with
   * `CodeRunnerError` if no code can be run, as a file does that cannot be read, or with the reason of an aborted `signal`, once the
   * code has ended.
   */
  run(request: CodeRequest, signal: AbortSignal): Promise<CodeOutcome>;
  /** Ends all sessions. */
  close(): Promise<void>;
}

/** No code can be run. The message can be shown to users. */
export class CodeRunnerError extends Error {
  override readonly name = 'CodeRunnerError';
}

/** Limits of the files that are copied into a session. */
export const inputLimits = {
  /** Bytes of one file. */
  file: 64 * 1024 * 1024,
  /** Bytes of the files of one request, for runners that get them in one message. */
  total: 128 * 1024 * 1024,
};

/** Why the session does not have a file that exceeds `inputLimits.file`. */
export const tooLargeNote = (name: string): string =>
  `The file ${name} is larger than ${inputLimits.file / 1024 ** 2} MiB: it is missing.`;

/** Limits of what one call returns. */
export const outputLimits = {
  /** Bytes of the logs. Code that writes more is ended. */
  logs: 256 * 1024,
  /** Bytes of one file. */
  file: 32 * 1024 * 1024,
  /** Bytes of all files and images together. */
  total: 64 * 1024 * 1024,
  /** Files and images together. */
  count: 20,
};

const longestName = 200;
// Letters of all languages, digits, and what is harmless in URLs, headers and logs.
const namePart = /^[\p{L}\p{N}_ ()+,@=~-][\p{L}\p{M}\p{N}._ ()+,@=~-]*$/u;

/** The name if it is a plain relative path that is safe to store, to send and to show; otherwise undefined. */
export const outputNameOf = (name: string): string | undefined => {
  const isSafe = name.length <= longestName && name.split('/').every((part) => namePart.test(part));
  return isSafe ? name : undefined;
};
