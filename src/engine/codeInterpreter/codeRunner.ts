/** Code of one call. */
export interface CodeRequest {
  /** Calls with the same session share variables and files, as long as the session lives. */
  sessionId: string;
  /** Python. */
  code: string;
}

export interface CodeOutcome {
  /** What the code wrote to stdout and stderr, the value of its last expression, and its error, if any. */
  logs: string;
}

/** Runs Python code where it can reach nothing but its own session. */
export interface CodeRunner {
  /** For logs. */
  readonly name: string;
  /**
   * Code that fails, or that is ended because it exceeds a limit, has an outcome that says so. Rejects with an error whose
   * message can be shown to users if no code can be run, or with the reason of an aborted `signal`, once the code has ended.
   */
  run(request: CodeRequest, signal: AbortSignal): Promise<CodeOutcome>;
  /** Ends all sessions. */
  close(): Promise<void>;
}
