import { Agent, request as sendRequest } from 'node:http';
import type { Target } from './attack.ts';

const agent = new Agent({ keepAlive: false });

export interface Sent {
  readonly path?: string;
  readonly method?: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The status, the code of the first error if there is one, and how long the body was. A lost connection is the status `closed`. */
export const outcomeOf = (
  { url }: Target,
  { path = '/graphql', method = 'POST', body = '', headers = {} }: Sent,
): Promise<string> =>
  new Promise((resolve) => {
    const sending = sendRequest(
      `${url}${path}`,
      {
        agent,
        method,
        headers: {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          'openai-beta': 'assistants=v2',
          ...headers,
        },
      },
      (response) => {
        let start = '';
        response.on('data', (chunk: Buffer) => {
          if (start.length < 4000) start += chunk.toString();
        });
        response.once('end', () => resolve(described(response.statusCode ?? 0, start)));
        response.once('error', () => resolve('closed'));
      },
    );
    sending.once('error', () => resolve('closed'));
    sending.end(body);
  });

const described = (status: number, start: string) => {
  const [, code] = /"code":"(\w+)"/.exec(start) ?? [];
  return code === undefined ? String(status) : `${status} ${code}`;
};

export const graphqlBody = (query: string, variables: Readonly<Record<string, unknown>> = {}) =>
  JSON.stringify({ query, variables });
