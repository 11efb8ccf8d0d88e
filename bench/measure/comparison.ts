import { rssMiB } from '../machine/usage.ts';
import type { Progress } from '../progress.ts';
import { type Settings, UPSTREAM_MS } from '../settings.ts';
import type { Running, RunningStub } from '../subjects/running.ts';
import type { Subject } from '../subjects/subject.ts';
import type { Work } from '../works.ts';
import { latencyMs } from './latency.ts';
import { type Observed, observe } from './observe.ts';
import { type Figure, Rounds } from './rounds.ts';
import { throughputOf } from './throughput.ts';

/** All figures of one subject doing one work. */
export interface WorkResult extends Observed {
  readonly latencyMs: Figure;
  readonly requestsPerSecond: Figure;
  readonly cpuMs: Figure;
  /** New connections to the upstream, per thousand requests. */
  readonly connections: number;
}

export interface SubjectResult {
  readonly label: string;
  /** After all that was asked of its last process. */
  readonly rssMiB: number;
  /** Of the works that it does. */
  readonly works: Readonly<Partial<Record<Work, WorkResult>>>;
}

const throughputFigures = ['requestsPerSecond', 'cpuMs', 'connections'] as const;

type FigureName = 'latencyMs' | (typeof throughputFigures)[number];

/** How many times `compare` reports its progress. */
export const stepsOf = (
  subjects: readonly Subject[],
  works: readonly Work[],
  { lives, rounds, latencyRounds }: Settings,
) => {
  const pairs = subjects.reduce((sum, subject) => sum + worksOf(subject, works).length, 0);
  return subjects.length * lives + pairs * (1 + lives * (1 + rounds + latencyRounds));
};

const worksOf = ({ requests }: Subject, works: readonly Work[]) => works.filter((work) => requests[work] !== undefined);

/** Measures the subjects side by side, each with a new process for each life. The first is the oracle. */
export const compare = async (
  subjects: readonly Subject[],
  works: readonly Work[],
  start: (subject: Subject) => Promise<Running>,
  stub: RunningStub,
  settings: Settings,
  progress: Progress,
): Promise<Record<string, SubjectResult>> => {
  const observations = new Map<string, Observed>();
  const oracleJson = new Map<Work, string>();
  const memory = new Map<string, number>();
  const rounds = new Map<string, Rounds>();
  const roundsOf = (work: Work, figure: FigureName): Rounds => {
    const known = rounds.get(work + figure) ?? new Rounds();
    rounds.set(work + figure, known);
    return known;
  };

  for (let life = 0; life < settings.lives; life += 1) {
    const all: Running[] = [];
    for (const subject of subjects) {
      progress.step(`starting ${subject.label}`);
      all.push(await start(subject));
    }
    const each = async (what: string, step: (work: Work, running: Running) => Promise<void>) => {
      for (const work of works) {
        for (const running of all) {
          if (running.subject.requests[work] === undefined) continue;
          progress.step(`process ${life + 1} of ${settings.lives}, ${what}: ${work}, ${running.subject.label}`);
          await step(work, running);
        }
      }
    };
    if (life === 0) {
      await each('calls and responses', async (work, running) => {
        const { observed, json } = await observe(running, stub, work, oracleJson.get(work));
        if (!oracleJson.has(work)) oracleJson.set(work, json);
        observations.set(work + running.subject.name, observed);
      });
    }
    await each('warming up', async (work, running) => {
      await throughputOf(running, stub, work, settings.warmUpMs);
    });
    for (let round = 0; round < settings.latencyRounds; round += 1) {
      await stub.control.set({ delayMs: UPSTREAM_MS });
      await each(`latency, round ${round + 1} of ${settings.latencyRounds}`, async (work, running) => {
        const took = await latencyMs(running, work, settings.latencySamples);
        roundsOf(work, 'latencyMs').add(life * settings.latencyRounds + round, running.subject.name, took);
      });
    }
    for (let round = 0; round < settings.rounds; round += 1) {
      await each(`throughput, round ${round + 1} of ${settings.rounds}`, async (work, running) => {
        const measured = await throughputOf(running, stub, work, settings.throughputMs);
        for (const figure of throughputFigures) {
          roundsOf(work, figure).add(life * settings.rounds + round, running.subject.name, measured[figure]);
        }
      });
    }
    for (const { subject, child } of all) {
      memory.set(subject.name, rssMiB(child.pid));
      await child.stop();
    }
  }

  const oracle = subjects[0]?.name ?? '';
  const figureOf = (work: Work, figure: FigureName, name: string): Figure =>
    roundsOf(work, figure).figure(name, oracle);
  const resultOf = (work: Work, name: string): WorkResult => {
    const observed = observations.get(work + name);
    if (observed === undefined) throw new Error(`${name} was not asked for ${work}`);
    return {
      ...observed,
      latencyMs: figureOf(work, 'latencyMs', name),
      requestsPerSecond: figureOf(work, 'requestsPerSecond', name),
      cpuMs: figureOf(work, 'cpuMs', name),
      connections: figureOf(work, 'connections', name).value,
    };
  };
  return Object.fromEntries(
    subjects.map((subject) => {
      const { name, label } = subject;
      const results = worksOf(subject, works).map((work) => [work, resultOf(work, name)] as const);
      return [name, { label, rssMiB: memory.get(name) ?? Number.NaN, works: Object.fromEntries(results) }];
    }),
  );
};
