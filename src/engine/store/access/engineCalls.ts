/** Text that becomes an annotation of a message if the model writes it exactly so. */
export interface Citation {
  type: 'file_citation' | 'file_path';
  text: string;
  fileId: string;
}

/** A call of one of the engine's own tools: what its step does not show. */
export interface EngineCall {
  /** Id of the tool call. */
  id: string;
  runId: string;
  /** The name under which the model knew the tool. */
  name: string;
  /** As the model wrote them. */
  arguments: string;
  /** For the model; null until the call has been run. */
  output: string | null;
  citations: readonly Citation[];
  /** Ids of image files. */
  images: readonly string[];
}

export interface EngineCallReads {
  /** Calls of the engine's own tools that a run made, oldest first. */
  ofRun(runId: string): Promise<EngineCall[]>;
  /** What the newest `limit` calls in a thread may be cited for, oldest first. */
  citationsIn(threadId: string, limit: number): Promise<Citation[]>;
}

export interface EngineCallWrites extends EngineCallReads {
  insert(call: EngineCall): Promise<void>;
  /** Changes what the call returned. */
  update(call: EngineCall): Promise<void>;
}
