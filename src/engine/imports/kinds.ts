import { assistantImport } from './assistant.ts';
import { fileImport } from './file.ts';
import type { ImportKind } from './kind.ts';
import { messageImport } from './message.ts';
import { runImport } from './run.ts';
import { stepImport } from './step.ts';
import { threadImport } from './thread.ts';
import { vectorStoreImport } from './vectorStore.ts';
import { vectorStoreFileImport } from './vectorStoreFile.ts';

/** What can be imported. An object comes after those that it belongs to. */
export const importKinds: readonly ImportKind[] = [
  fileImport,
  vectorStoreImport,
  vectorStoreFileImport,
  assistantImport,
  threadImport,
  messageImport,
  runImport,
  stepImport,
];
