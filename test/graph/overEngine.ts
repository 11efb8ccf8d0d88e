import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, onTestFinished } from 'vitest';
import { openEngine } from '../../src/engine/engine.ts';
import type { EngineRequest } from '../../src/engine/engineRequest.ts';
import { respondWith } from '../../src/server/engineHttp.ts';
import { StreamSlots } from '../../src/server/streamSlots.ts';
import { startFacadeOver } from '../support/facade.ts';
import { everythingOf, type Json } from './wholeObject.ts';

type JsonObject = Record<string, Json>;

/** One REST call that the engine answered. */
interface Exchange {
  /** Such as `GET /threads/{}/runs`: ids are left out. */
  operation: string;
  result: JsonObject;
}

/** As the engine makes them: a prefix, and characters of both cases. */
const ID = /\/(asst|thread|msg|run|step)_\w+/g;

const ACTIVE = ['queued', 'in_progress', 'cancelling'];

const limits = { maxBodyBytes: 1024 * 1024, slots: new StreamSlots(100), stopping: new AbortController().signal };

/** The graph over the real engine, which stands behind a listener of its own; both end with the test. */
export const startOverEngine = async () => {
  const engine = await openEngine({ dataPath: ':memory:' });
  const exchanges: Exchange[] = [];
  const handler = async (request: EngineRequest) => {
    const response = await engine.respond(request);
    if (!('events' in response) && request.headers.get('x-test') === null) {
      const { pathname } = new URL(request.url);
      const path = pathname.replace('/v1', '').replaceAll(ID, '/{}');
      exchanges.push({
        operation: `${request.method} ${path}`,
        result: JSON.parse(response instanceof Response ? await response.clone().text() : response.text),
      });
    }
    return response;
  };
  const server = createServer((incoming, outgoing) => {
    respondWith(handler, incoming, outgoing, limits).catch(() => outgoing.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
    await engine.close();
  });
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  const { query } = await startFacadeOver(baseUrl);

  /** Uploads a file, which is not among the exchanges either. Returns its id. */
  const upload = async (text: string): Promise<string> => {
    const body = new FormData();
    body.set('purpose', 'assistants');
    body.set('file', new Blob([text]), 'notes.txt');
    const response = await fetch(`${baseUrl}/files`, { method: 'POST', headers: { 'x-test': '1' }, body });
    return ((await response.json()) as { id: string }).id;
  };

  /** What REST says; these calls are not among the exchanges. */
  const rest = async (path: string, method = 'GET'): Promise<JsonObject> => {
    const response = await fetch(baseUrl + path, {
      method,
      headers: { 'openai-beta': 'assistants=v2', 'x-test': '1' },
    });
    return JSON.parse(await response.text());
  };

  return {
    rest,
    upload,
    /** The data of an operation that has no errors. */
    ask: async <Data = Record<string, unknown>>(document: string, variables?: Record<string, unknown>) => {
      const { data, errors } = await query<Data>(document, variables);
      expect(errors).toBeUndefined();
      if (!data) throw new Error('The operation has no data.');
      return data;
    },
    /** What the graph has asked of REST since the last time. */
    asked: () => exchanges.splice(0),
    /** The run as REST has it, once it has ended or needs action. */
    settled: async (threadId: string, runId: string) => {
      for (;;) {
        const run = await rest(`/threads/${threadId}/runs/${runId}`);
        if (!ACTIVE.some((status) => status === run['status'])) return run;
        await delay(10);
      }
    },
  };
};

export const createAssistant = `mutation ($input: CreateAssistantInput!) {
  createAssistant(input: $input) { assistant ${everythingOf('Assistant')} }
}`;

export const createThread = `mutation ($input: CreateThreadInput!) {
  createThread(input: $input) { thread ${everythingOf('Thread')} }
}`;

/** What an object that was created is known by; an id that its type has not is not there. */
export type Ids = Record<string, string>;

/** A function that the engine's offline model calls if a message names it. */
export const bake = {
  function: { name: 'bake', description: 'Bakes.', parameters: { type: 'object', properties: {} }, strict: false },
};

/** An assistant that can bake, and a thread with one message, made by mutations. */
export const prepared = async ({ ask, asked }: Awaited<ReturnType<typeof startOverEngine>>, text = 'Hello') => {
  const tools = [bake, { codeInterpreter: true }];
  const made = await ask<{ createAssistant: { assistant: Ids } }>(createAssistant, { input: { model: 'any', tools } });
  const thread = await ask<{ createThread: { thread: Ids } }>(createThread, {
    input: { messages: [{ role: 'USER', content: [{ text }] }] },
  });
  asked();
  const { assistantId = '' } = made.createAssistant.assistant;
  const { threadId = '' } = thread.createThread.thread;
  return { assistantId, threadId };
};

/** The items of a page. */
export const listOf = (page: JsonObject) => (Array.isArray(page['data']) ? page['data'] : []);
