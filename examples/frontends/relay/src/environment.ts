import { createClient } from 'graphql-sse';
import { Environment, Network, Observable, RecordSource, Store, type GraphQLResponse } from 'relay-runtime';

const url = '/graphql';

/** Subscriptions come as server-sent events, over plain HTTP. */
const events = createClient({ url: new URL(url, location.href).href });

const network = Network.create(
  async ({ text: query }, variables) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
    });
    const answer = await response.json();
    if (answer.errors) throw new Error(answer.errors.map(({ message }: Error) => message).join('\n'));
    return answer;
  },
  ({ text }, variables) =>
    Observable.create<GraphQLResponse>((sink) =>
      events.subscribe(
        { query: text ?? '', variables },
        {
          next: (event) => sink.next(event as GraphQLResponse),
          error: (error) => sink.error(error instanceof Error ? error : new Error(String(error))),
          complete: () => sink.complete(),
        },
      ),
    ),
);

export const environment = new Environment({ network, store: new Store(new RecordSource()) });
