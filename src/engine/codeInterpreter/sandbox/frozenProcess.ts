import { readFileSync } from 'node:fs';
import type { Readable } from 'node:stream';

/** The interpreter of a sandbox, as a process of the host that can be stopped and resumed. */
export class FrozenProcess {
  #facts = '';

  /** `facts` is what bubblewrap writes to `--info-fd`. */
  constructor(facts: Readable) {
    facts.on('data', (chunk: Buffer) => {
      this.#facts += chunk.toString('utf8');
    });
  }

  stop(): void {
    this.#signal('SIGSTOP');
  }

  resume(): void {
    this.#signal('SIGCONT');
  }

  /**
   * The first process of the sandbox is bubblewrap's own. The interpreter is its only child, since code can start no
   * process. On systems that do not list children, it is not stopped.
   */
  #signal(signal: NodeJS.Signals) {
    try {
      const { 'child-pid': first } = JSON.parse(this.#facts) as { 'child-pid': number };
      const [child] = readFileSync(`/proc/${first}/task/${first}/children`, 'utf8').trim().split(' ');
      if (child !== undefined && child !== '') process.kill(Number(child), signal);
    } catch {
      // The process has ended.
    }
  }
}
