import { built } from '../machine/build.ts';
import { OTHER_CORES, SERVER_CORES } from '../machine/cores.ts';
import { type Child, startNode } from '../machine/children.ts';
import { StubControl } from '../stub/control.ts';
import type { Subject } from './subject.ts';

/** A subject that is up. */
export interface Running {
  readonly subject: Subject;
  readonly url: string;
  readonly child: Child;
}

export interface RunningStub {
  readonly url: string;
  readonly control: StubControl;
  readonly child: Child;
}

const LISTENING = /listening on (http:\S+)\n/;

/** Starts the stub upstream, on the cores that no server has. */
export const startStub = async (pinned: boolean): Promise<RunningStub> => {
  const child = await startNode({
    name: 'the stub upstream',
    args: [await built('stub', new URL('../stub/server.ts', import.meta.url))],
    ready: /listening on (http:\S+) control (http:\S+)\n/,
    cores: pinned ? OTHER_CORES : undefined,
  });
  const [url = '', control = ''] = child.found;
  return { url, control: new StubControl(control), child };
};

/** Starts a subject in front of `upstream`, on the servers' core. */
export const startSubject = async (subject: Subject, upstream: string, pinned: boolean): Promise<Running> => {
  const { args, env, cwd, ready = LISTENING } = await subject.start(upstream);
  const cores = pinned ? SERVER_CORES : undefined;
  const child = await startNode({ name: subject.label, args, env, cwd, ready, cores });
  const [url = ''] = child.found;
  return { subject, url, child };
};
