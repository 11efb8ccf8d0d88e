import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { listen } from '../peers/listen.ts';
import { worksOn } from './works.ts';

const { conversation, assistant, messages, assistants } = worksOn(process.env['UPSTREAM'] ?? '');

/** One address for each work: `/conversations/{thread}`, `/assistants/{assistant}`, `/messages/{thread}/{ids}`, `/assistants`. */
const answerTo = ({ url = '' }: IncomingMessage): Promise<unknown> => {
  const [page, id, ids] = url.slice(1).split('/');
  if (page === 'conversations' && id !== undefined) return conversation(id);
  if (page === 'messages' && id !== undefined && ids !== undefined) return messages(id, ids.split(','));
  if (page === 'assistants') return id === undefined ? assistants() : assistant(id);
  throw new Error(`The oracle has no page at ${url}.`);
};

const answer = async (request: IncomingMessage, response: ServerResponse) => {
  try {
    const body = JSON.stringify({ data: await answerTo(request) });
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    response.writeHead(200, headers).end(body);
  } catch (error) {
    response.writeHead(500).end(JSON.stringify({ errors: [{ message: String(error) }] }));
  }
};

listen(createServer((request, response) => void answer(request, response)));
