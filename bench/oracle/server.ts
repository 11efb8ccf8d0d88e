import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { listen } from '../peers/listen.ts';
import { worksOn } from './works.ts';

const { typed, conversation, assistant, messages, assistants } = worksOn(process.env['UPSTREAM'] ?? '');

/**
 * One address for each work: `/conversations/{thread}`, `/assistants/{assistant}`, `/messages/{thread}/{ids}`, `/assistants`; and
 * under `/typed` those with `__typename`.
 */
const dataFor = ({ url = '' }: IncomingMessage): Promise<unknown> => {
  const [page, id, ids] = url
    .replace(/^\/typed/, '')
    .slice(1)
    .split('/');
  const works = url.startsWith('/typed') ? typed : { conversation, assistant, assistants };
  if (page === 'conversations' && id !== undefined) return works.conversation(id);
  if (page === 'messages' && id !== undefined && ids !== undefined) return messages(id, ids.split(','));
  if (page === 'assistants') return id === undefined ? works.assistants() : works.assistant(id);
  throw new Error(`The oracle has no page at ${url}.`);
};

const respond = async (request: IncomingMessage, response: ServerResponse) => {
  try {
    const body = JSON.stringify({ data: await dataFor(request) });
    if (request.headers.accept === 'text/event-stream') {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end(`event: next\ndata: ${body}\n\nevent: complete\ndata:\n\n`);
      return;
    }
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    response.writeHead(200, headers).end(body);
  } catch (error) {
    response.writeHead(500).end(JSON.stringify({ errors: [{ message: String(error) }] }));
  }
};

listen(createServer((request, response) => void respond(request, response)));
