import { setTimeout as sleep } from 'node:timers/promises';
import { createParser } from 'eventsource-parser';

/** An event of a run, as a subscriber gets it. */
export interface FollowedEvent {
  sequence: number;
  /** Such as `thread.run.completed`. */
  event: string;
}

export interface RunKey {
  threadId: string;
  runId: string;
}

/** Subscribes to the events of a run after one of them: a request for an event stream, and how to read what it sends. */
export interface Way {
  readonly name: 'rest' | 'graphql';
  request(url: string, key: RunKey, after: number): Request;
  /** The event that a server-sent event has; undefined if it has none. Throws if it reports an error. */
  read(sent: { id?: string | undefined; event?: string | undefined; data: string }): FollowedEvent | undefined;
}

export const overRest: Way = {
  name: 'rest',
  request: (url, { threadId, runId }, after) =>
    new Request(`${url}/v1/threads/${threadId}/runs/${runId}/events?after=${after}`, {
      headers: { 'openai-beta': 'assistants=v2' },
    }),
  read: ({ id, event = '' }) => (id === undefined ? undefined : { sequence: Number(id), event }),
};

const subscription = `subscription ($threadId: ID!, $runId: ID!, $after: Int) {
  runEvents(threadId: $threadId, runId: $runId, after: $after) { event sequence }
}`;

export const overGraphql: Way = {
  name: 'graphql',
  request: (url, key, after) =>
    new Request(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ query: subscription, variables: { ...key, after } }),
    }),
  read: ({ data }) => {
    if (data === '') return undefined;
    const { data: result, errors } = JSON.parse(data) as { data?: { runEvents: FollowedEvent }; errors?: unknown };
    if (errors !== undefined || result === undefined) throw new Error(data);
    return result.runEvents;
  },
};

/** For the next event of a run, after which the subscriber gives up. */
const maxSilenceMs = 180_000;
const pauseMs = 100;

const ends = /^thread\.run\.(completed|failed|cancelled|expired|incomplete)$/;

export interface Followed {
  events: FollowedEvent[];
  /** How often the subscriber connected. */
  connections: number;
  /** Errors that it got instead of events, which it survived. */
  errors: string[];
}

/** Subscribes to a run until it has ended, and again after its last event whenever the stream breaks off. */
export const follow = async (url: string, way: Way, key: RunKey): Promise<Followed> => {
  const followed: Followed = { events: [], connections: 0, errors: [] };
  const { events } = followed;
  const isEnded = () => ends.test(events.at(-1)?.event ?? '');
  let heardAt = Date.now();
  const parser = () =>
    createParser({
      onEvent: (sent) => {
        const event = isEnded() ? undefined : way.read(sent);
        if (event === undefined) return;
        heardAt = Date.now();
        events.push(event);
      },
    });
  while (!isEnded()) {
    if (Date.now() - heardAt > maxSilenceMs) throw new Error(`run ${key.runId} has no event for ${maxSilenceMs} ms`);
    followed.connections += 1;
    try {
      const response = await fetch(way.request(url, key, events.at(-1)?.sequence ?? 0));
      if (!response.ok || response.body === null) throw new Error(`${response.status} ${await response.text()}`);
      const sent = parser();
      for await (const text of response.body.pipeThrough(new TextDecoderStream())) sent.feed(text);
    } catch (error) {
      followed.errors.push(String(error));
    }
    if (!isEnded()) await sleep(pauseMs);
  }
  return followed;
};
