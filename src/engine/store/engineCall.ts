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
