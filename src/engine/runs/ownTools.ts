import type { RestRun } from '../../wire/run.ts';
import type { ChatTool } from '../models/model.ts';
import type { Citation, EngineCall } from '../store/access/engineCalls.ts';
import type { RestRunStep } from '../../wire/runStep.ts';
import type { RunRecord } from '../store/access/runs.ts';
import type { StoreReads, TenantStore } from '../store/store.ts';
import type { EngineToolType } from '../tools/engineTool.ts';
import type { TurnTools } from './turn.ts';
import type { WorkerDependencies } from './workerDependencies.ts';

/** The name under which the model gets a tool: that of the type, if no function of the assistant has it. */
const nameFor = (type: EngineToolType, { tools }: RestRun): string => {
  const taken = new Set(tools.flatMap((tool) => (tool.type === 'function' ? [tool.function.name] : [])));
  let name: string = type;
  for (let count = 1; taken.has(name); count += 1) name = `${type}_tool${count === 1 ? '' : `_${count}`}`;
  return name;
};

/** The storage of the tenant that a run belongs to. */
export const tenantStoreOf = async ({ store }: WorkerDependencies, run: RestRun): Promise<TenantStore> => {
  const tenant = await store.threads.tenantOf(run.thread_id);
  if (tenant === undefined) throw new Error(`the thread ${run.thread_id} does not exist`);
  return store.forTenant(tenant);
};

/** The engine's own tools that the run has, as functions for the model. */
export const ownToolsOf = async (dependencies: WorkerDependencies, { run }: RunRecord): Promise<ChatTool[]> => {
  const types = new Set(run.tools.map(({ type }) => type));
  const own = [...dependencies.engineTools.values()].filter(({ type }) => types.has(type));
  if (own.length === 0) return [];
  const store = await tenantStoreOf(dependencies, run);
  const offered = own.map(async (tool): Promise<ChatTool[]> => {
    const definition = await tool.definitionFor({ run, store });
    return definition === undefined ? [] : [{ ...definition, name: nameFor(tool.type, run), engineTool: tool.type }];
  });
  return (await Promise.all(offered)).flat();
};

/** The images that calls made since the latest message of the run. */
const newImages = (steps: readonly RestRunStep[], calls: readonly EngineCall[]): string[] => {
  const recent = steps.slice(steps.findLastIndex(({ type }) => type === 'message_creation') + 1);
  const ids = new Set(
    recent.flatMap(({ step_details: details }) =>
      details.type === 'tool_calls' ? details.tool_calls.map(({ id }) => id) : [],
    ),
  );
  return calls.flatMap(({ id, images }) => (ids.has(id) ? images : []));
};

/** Calls of the thread whose files its messages may link. */
const mostLinkedCalls = 100;

/** The files that code wrote in earlier runs. What they found for citations was numbered for these runs only. */
const earlierFiles = async (reads: StoreReads, { thread_id: threadId }: RestRun): Promise<Citation[]> =>
  (await reads.engineCalls.citationsIn(threadId, mostLinkedCalls)).filter(({ type }) => type === 'file_path');

/** What the next turn has from the engine's own tools. `steps` are those of the completed turns. */
export const turnToolsOf = async (
  reads: StoreReads,
  run: RestRun,
  {
    tools,
    steps,
    engineCalls,
  }: { tools: readonly ChatTool[]; steps: readonly RestRunStep[]; engineCalls: readonly EngineCall[] },
): Promise<TurnTools> => {
  const types = new Map(tools.flatMap(({ name, engineTool: type }) => (type === undefined ? [] : [[name, type]])));
  if (types.size === 0) return { types, citations: [], images: [] };
  const own = engineCalls.flatMap(({ citations }) => citations);
  return { types, citations: [...(await earlierFiles(reads, run)), ...own], images: newImages(steps, engineCalls) };
};
