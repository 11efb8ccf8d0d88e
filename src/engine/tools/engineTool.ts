import type { RestRun } from '../../wire/run.ts';
import type { RestCodeInterpreterOutput, RestFileSearchCall } from '../../wire/runStep.ts';
import type { ChatTool } from '../models/model.ts';
import type { Citation } from '../store/access/engineCalls.ts';
import type { TenantStore } from '../store/store.ts';

/** The tools of the API that are not functions. */
export type EngineToolType = 'code_interpreter' | 'file_search';

/** What the model gets to know of a tool, except its name. */
export type ToolDefinition = Pick<ChatTool, 'description' | 'parameters'>;

/** The run that has a tool, and the storage of its tenant. */
export interface ToolContext {
  run: RestRun;
  store: TenantStore;
}

/** A call that the model made. A call that is run again after a restart has the same id. */
export interface EngineToolRequest extends ToolContext {
  id: string;
  /** As the model wrote them, which is JSON unless the model made a mistake. */
  arguments: string;
}

/** What a call returned, as the step shows it. */
export type ToolOutcome =
  | { type: 'code_interpreter'; outputs: RestCodeInterpreterOutput[] }
  | { type: 'file_search'; search: RestFileSearchCall['file_search'] };

/** What a call returned. */
export type EngineToolResult = ToolOutcome & {
  /** For the model, in the next turn and as history in later runs. */
  output: string;
  /** Parts of the model's text that become annotations, in this run, if it writes them exactly so. */
  citations?: Citation[];
  /** Ids of image files that become the first parts of the message that follows. */
  images?: string[];
};

/**
 * A tool of the API that the engine runs itself. To add one:
 *
 * 1. Implement this interface in a folder of its own under `src/engine/`.
 * 2. Add it to `ownTools` in `openEngine`, but only if the engine is to run it: the engine's own tool is used instead of
 *    one that the model's endpoint hosts. Without either, the tool is stored in assistants and runs, and the model does
 *    not get it.
 * 3. Let the offline model call it: `src/engine/models/offlineEngineCalls.ts`.
 *
 * The model is offered a function with the name of the type; if the assistant has a function of that name,
 * `<type>_tool`. Its calls are stored in steps under their type, with `result.search` or `result.outputs`. What the step
 * does not show is in the table `engine_calls`: the arguments as written, the output for the model, the citations. The
 * worker runs the calls of a turn after the model's completion, with those of webhooks; then the run goes on, or waits
 * for the outputs of clients' functions. A call that a stopped server left half-run is run again: it must bear that.
 */
export interface EngineTool {
  readonly type: EngineToolType;
  /** Called before each turn. Undefined if the run can make no use of the tool: then the model does not get it. */
  definitionFor(context: ToolContext): Promise<ToolDefinition | undefined>;
  /**
   * Runs a call. A failure that the model or the client can understand is a result that says so; any other error becomes
   * the output `The tool failed.`, and is logged. Rejects with the reason of an aborted `signal` as soon as it is aborted.
   */
  call(request: EngineToolRequest, signal: AbortSignal): Promise<EngineToolResult>;
  /** Ends what the tool has running. */
  close(): Promise<void>;
}

export type EngineTools = ReadonlyMap<EngineToolType, EngineTool>;
