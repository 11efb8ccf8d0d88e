import { counted } from '../../counted.ts';
import { type ImportSink, openImportStore } from '../../engine/imports/importStore.ts';
import type { PersistenceOptions } from '../../engine/persistence.ts';
import type { ImportOutcome } from '../../engine/imports/candidate.ts';
import type { ImportInput } from '../../engine/imports/importer.ts';
import type { Tenant } from '../../engine/tenant.ts';
import { Counts } from '../counts.ts';
import { reportProgress } from '../progress.ts';
import { exitCodes, TransferError } from '../transferError.ts';
import { openInputs } from './inputs.ts';
import { withContents } from './withContents.ts';

export interface ImportOptions {
  readonly files: readonly string[];
  /** Owner of the imported objects. */
  readonly tenant: Tenant;
  /** Whether nothing is written if anything cannot be imported. */
  readonly strict: boolean;
  /** What is imported into. */
  readonly persistence: PersistenceOptions;
}

/** How many objects one transaction imports, and about how many bytes, with those of contents. */
const batchSize = 500;
const batchBytes = 4 * 1024 * 1024;

/** Lists of one thread may come as several files, so that a file says more than the position within all of them. */
const at = (file: string, line: number) => `${file}, line ${line}`;

/**
 * Imports files into the data file or the database of the embedded engine. Returns the exit code.
 * @throws {TransferError} if nothing was imported, @throws {StoreUnavailableError} if a server is using the data file or the database
 */
export const importFiles = async ({ files, tenant, strict, persistence }: ImportOptions): Promise<number> => {
  if (persistence.databaseUrl === undefined && persistence.dataPath === ':memory:') {
    throw new TransferError(
      'DATA_PATH is :memory:, where nothing would be kept; set it to the data file of the server',
    );
  }
  const inputs = await openInputs(files, process.stdin);
  const target = await openImportStore(persistence, tenant);
  const imported = new Counts();
  let identical = 0;
  let leftOut = 0;
  const text = () =>
    `${imported.text} imported, ${identical} were there already, ${leftOut} left out, ${imported.rate} objects/s`;
  const progress = reportProgress(process.stderr, () => ({ part: inputs.part, text: text() }));

  const leaveOut = (file: string, line: number, problem: string) => {
    leftOut += 1;
    progress.note(`${at(file, line)} ${problem}`);
  };
  const count = (outcome: ImportOutcome, file: string, line: number) => {
    if ('problem' in outcome) leaveOut(file, line, outcome.problem);
    else if (outcome.done === 'identical') identical += 1;
    else imported.add(outcome.kind);
  };

  const importAll = async ({ add, store }: ImportSink) => {
    let batch: { file: string; line: number; input: ImportInput }[] = [];
    let bytes = 0;
    const addBatch = async () => {
      const outcomes = await add(batch.map(({ input }) => input));
      for (const [index, outcome] of outcomes.entries()) {
        const { file = '', line = 0 } = batch[index] ?? {};
        count(outcome, file, line);
      }
      batch = [];
      bytes = 0;
    };
    for await (const { file, value, content } of withContents(inputs.values(), store)) {
      if ('problem' in value) leaveOut(file, value.line, value.problem);
      else {
        // As `list()` returns them by default.
        const order = value.isListed ? 'desc' : 'asc';
        batch.push({ file, line: value.line, input: { value: value.value, content, order } });
        bytes += value.size + (content?.bytes ?? 0);
      }
      if (batch.length >= batchSize || bytes >= batchBytes) await addBatch();
    }
    if (batch.length > 0) await addBatch();
    if (strict && leftOut > 0)
      throw new TransferError(
        `Nothing was imported: ${counted(leftOut, 'objects')} cannot be, and --strict was given.`,
      );
  };

  try {
    await (strict ? target.atOnce(importAll) : target.inBatches(importAll));
    progress.end(`Done: ${text()}.`);
  } catch (error) {
    progress.end(strict ? 'Stopped.' : `Stopped: ${text()}. What was imported is kept: repeat the command to go on.`);
    throw error;
  } finally {
    await target.close();
  }
  return leftOut > 0 ? exitCodes.someLeftOut : exitCodes.complete;
};
