/** A call of a function that the server runs. */
export interface ServerToolCall {
  /** Id of the tool call. A call that is made again, by a retry or after a restart, has the same. */
  id: string;
  name: string;
  /** As the model wrote them, which is JSON unless the model made a mistake. */
  arguments: string;
  threadId: string;
  runId: string;
  assistantId: string;
}

/** The functions that the server runs itself. Calls of all others wait for the outputs of clients. */
export interface ServerTools {
  has(name: string): boolean;
  /**
   * Returns the output for the model. If the call fails, the output says so: the failure is one of the tool, not of the run.
   * Rejects only with the reason of an aborted `signal`.
   */
  call(call: ServerToolCall, signal: AbortSignal): Promise<string>;
  /** Closes connections. */
  close(): Promise<void>;
}

export const noServerTools: ServerTools = {
  has: () => false,
  call: ({ name }) => Promise.reject(new Error(`the server has no tool ${name}`)),
  close: () => Promise.resolve(),
};
