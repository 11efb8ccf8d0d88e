import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { installFor } from './install.ts';
import { killAll } from './machine/children.ts';
import { canPin, leaveServerCore } from './machine/cores.ts';
import { compare, stepsOf } from './measure/comparison.ts';
import { memoryOf } from './measure/memory.ts';
import { RUN_STEPS, runResults } from './measure/runs.ts';
import { SCALING_STEPS, scalingOf } from './measure/scaling.ts';
import { type Options, readOptions } from './options.ts';
import { Progress } from './progress.ts';
import { chart } from './report/chart.ts';
import { renewDocument } from './report/document.ts';
import { json } from './report/json.ts';
import type { Results } from './report/results.ts';
import { runsTable } from './report/runsTable.ts';
import { tables } from './report/table.ts';
import { full, quick, type Settings } from './settings.ts';
import { executors } from './subjects/all.ts';
import { assistantsGraphql } from './subjects/assistants-graphql.ts';
import { buildInRoot } from './subjects/executors.ts';
import { type Running, type RunningStub, startStub, startSubject } from './subjects/running.ts';
import type { Subject } from './subjects/subject.ts';

const measure = async (options: Options): Promise<Results> => {
  const settings = options.quick ? quick : full;
  const processors = cpus();
  const [loadBefore = 0] = loadavg();
  const pinned = pinnedIfPossible();
  const { subjects, works, complete } = options;
  const progress = new Progress(stepsOf(subjects, works, settings) + (complete ? 1 + SCALING_STEPS + RUN_STEPS : 0));
  const stub = await startStub(pinned);
  const start = (subject: Subject) => startSubject(subject, stub.url, pinned);
  const compared = await compare(subjects, works, start, stub, settings, progress);

  const more = complete ? await moreOf(start, stub, settings, progress, pinned) : undefined;
  await stub.child.stop();
  const runs = complete ? await runResults(pinned, progress) : undefined;
  progress.end();
  return {
    measuredAt: new Date().toISOString(),
    node: process.versions.node,
    processor: processors[0]?.model.trim() ?? 'unknown',
    cores: processors.length,
    loadBefore,
    heldToOneCore: pinned,
    quick: options.quick,
    subjects: compared,
    ...more,
    runs,
  };
};

const pinnedIfPossible = () => {
  const pinned = canPin();
  if (pinned) leaveServerCore();
  else process.stderr.write('There is no taskset or one core only: the servers share it with the load.\n');
  return pinned;
};

/** The latest results with those of runs measured again. */
const withRuns = async (): Promise<Results> => {
  const latest = JSON.parse(readFileSync(new URL('results/latest.json', import.meta.url), 'utf8')) as Results;
  const progress = new Progress(RUN_STEPS);
  const runs = await runResults(pinnedIfPossible(), progress);
  progress.end();
  return { ...latest, runs };
};

/** What only this server is asked for. */
const moreOf = async (
  start: (subject: Subject) => Promise<Running>,
  stub: RunningStub,
  settings: Settings,
  progress: Progress,
  pinned: boolean,
) => {
  const ours = await start(assistantsGraphql);
  const scaling = await scalingOf(ours, stub, settings, progress);
  await ours.child.stop();
  progress.step('memory of requests in flight');
  return { scaling, memory: await memoryOf(assistantsGraphql, stub, pinned) };
};

/** A full run renews what is published; anything less is kept apart. Runs through a model are a part that can be renewed alone. */
const publish = (results: Results, { complete, runs }: Options) => {
  const here = new URL('.', import.meta.url);
  const file = new URL(complete ? 'results/latest.json' : 'results/partial.json', here);
  mkdirSync(new URL('results/', here), { recursive: true });
  writeFileSync(file, json(results));
  const figures = tables(results);
  if (complete) renewDocument(figures);
  if (complete && !runs) writeFileSync(new URL('../docs/performance.svg', here), chart(results));
  const shown = runs && results.runs !== undefined ? runsTable(results.runs) : figures;
  process.stdout.write(`${shown}\n\nWritten to ${file.pathname}${complete ? ' and docs/performance.md' : ''}.\n`);
};

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    killAll();
    process.exit(1);
  });
}

try {
  const options = readOptions(process.argv.slice(2));
  if (options?.differences === true) {
    installFor(executors);
    spawnSync(process.execPath, [await buildInRoot('bench/executors/differences.ts', 'differences')], {
      stdio: 'inherit',
    });
  } else if (options?.runs === true) {
    publish(await withRuns(), options);
  } else if (options !== undefined) {
    installFor(options.subjects);
    publish(await measure(options), options);
  }
} catch (error) {
  process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
} finally {
  killAll();
}
