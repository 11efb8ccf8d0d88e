import type { Model } from '../models/model.ts';
import type { Store } from '../store/store.ts';
import type { EngineTools } from '../tools/engineTool.ts';
import type { ServerTools } from '../tools/serverTools.ts';
import type { ReadImage } from './promptMessage.ts';
import type { RunObserver } from './runObserver.ts';
import type { WritePace } from './writePace.ts';

/** Dependencies of a worker. */
export interface WorkerDependencies {
  store: Store;
  model: Model;
  tools: ServerTools;
  engineTools: EngineTools;
  readImage: ReadImage;
  /** Of the worker's own streams. */
  pace: WritePace;
  /** Called with one-line log messages for the operator. */
  log: (line: string) => void;
  runObserver?: RunObserver | undefined;
  /** Milliseconds until the lease of a claimed run ends if the worker does not renew it. */
  leaseMs: number;
}
