import { Connection } from '../load/connection.ts';
import type { Running } from '../subjects/running.ts';
import { requestFor } from '../subjects/subject.ts';
import type { Work } from '../works.ts';
import { median } from './median.ts';

/** The median time of some requests, one after the other, in milliseconds. */
export const latencyMs = async ({ subject, url }: Running, work: Work, samples: number): Promise<number> => {
  const connection = await Connection.open(url);
  const request = connection.bytesOf(requestFor(subject, work));
  const times: number[] = [];
  for (let n = 0; n < samples; n += 1) {
    const started = performance.now();
    await connection.send(request);
    times.push(performance.now() - started);
  }
  connection.close();
  return median(times);
};
