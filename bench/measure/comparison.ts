import { rssMiB } from '../machine/usage.ts';
import type { Progress } from '../progress.ts';
import { type Settings, UPSTREAM_MS } from '../settings.ts';
import type { Running, RunningStub } from '../subjects/running.ts';
import type { Subject } from '../subjects/subject.ts';
import { type Work, works } from '../works.ts';
import { type Answer, answerOf } from './answer.ts';
import { latencyMs } from './latency.ts';
import { type Figure, Rounds } from './rounds.ts';
import { throughputOf } from './throughput.ts';

/** All figures of one subject doing one work. */
export interface WorkResult extends Answer {
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
  readonly works: Readonly<Record<Work, WorkResult>>;
}

const throughputFigures = ['requestsPerSecond', 'cpuMs', 'connections'] as const;

type FigureName = 'latencyMs' | (typeof throughputFigures)[number];

/** How many times `compare` tells its progress. */
export const stepsOf = (subjects: number, { lives, rounds, latencyRounds }: Settings) =>
  subjects * (lives + works.length * (1 + lives * (1 + rounds + latencyRounds)));

/** Measures the subjects beside each other, each `start`ed anew for each life. The first is the oracle. */
export const compare = async (
  subjects: readonly Subject[],
  start: (subject: Subject) => Promise<Running>,
  stub: RunningStub,
  settings: Settings,
  progress: Progress,
): Promise<Record<string, SubjectResult>> => {
  const answers = new Map<string, Answer>();
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
          progress.step(`process ${life + 1} of ${settings.lives}, ${what}: ${work}, ${running.subject.label}`);
          await step(work, running);
        }
      }
    };
    if (life === 0) {
      await each('calls and answers', async (work, running) => {
        answers.set(work + running.subject.name, await answerOf(running, stub, work));
      });
    }
    await each('warming up', async (work, running) => {
      await throughputOf(running, stub, running.subject.requests[work], settings.warmUpMs);
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
        const measured = await throughputOf(running, stub, running.subject.requests[work], settings.throughputMs);
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
    const answer = answers.get(work + name);
    if (answer === undefined) throw new Error(`${name} was not asked for ${work}`);
    return {
      ...answer,
      latencyMs: figureOf(work, 'latencyMs', name),
      requestsPerSecond: figureOf(work, 'requestsPerSecond', name),
      cpuMs: figureOf(work, 'cpuMs', name),
      connections: figureOf(work, 'connections', name).value,
    };
  };
  return Object.fromEntries(
    subjects.map(({ name, label }) => [
      name,
      {
        label,
        rssMiB: memory.get(name) ?? Number.NaN,
        works: {
          W1: resultOf('W1', name),
          W2: resultOf('W2', name),
          W3: resultOf('W3', name),
          W4: resultOf('W4', name),
        },
      },
    ]),
  );
};
