import { onTestFinished } from 'vitest';
import { type EngineOptions, openEngine } from '../../src/engine/engine.ts';
import { chatCompletionsModel } from '../../src/engine/models/chatCompletions/model.ts';
import type { ModelEndpointOptions } from '../../src/engine/models/endpoint/modelEndpoint.ts';
import { responsesModel } from '../../src/engine/models/responses/model.ts';
import { clientOf } from '../engine/client.ts';
import { type Play, startRawServer, whole } from './rawServer.ts';

const openers = { chat: chatCompletionsModel, responses: responsesModel };

export interface EngineOverOptions {
  /** The response to `GET /models`. By default there is no such list. */
  list?: Play;
  api?: keyof typeof openers;
  model?: Partial<ModelEndpointOptions>;
  engine?: Partial<EngineOptions>;
}

const noList = whole({ error: { message: 'Not Found' } }, { status: 404 });

/** Plays the nth of `plays` for the nth completion, and all after that the last. */
const completing = ([first, ...more]: [Play, ...Play[]], list: Play): Play => {
  const plays = [first, ...more];
  let played = 0;
  return (socket, request) => {
    if (request.method === 'GET') return list(socket, request);
    played += 1;
    return (plays[Math.min(played, plays.length) - 1] ?? first)(socket, request);
  };
};

/** A model behind HTTP that plays its completions byte for byte, to be given to an engine. */
export const startModel = async (
  plays: [Play, ...Play[]],
  { api = 'chat', model = {}, list = noList }: EngineOverOptions = {},
) => {
  const server = await startRawServer(completing(plays, list));
  return { server, model: openers[api]({ baseUrl: server.url, ...model }) };
};

/** An engine whose model is reached by HTTP, and the REST API of it. */
export const startEngineOver = async (plays: [Play, ...Play[]], options: EngineOverOptions = {}) => {
  const { server, model } = await startModel(plays, options);
  const engine = await openEngine({ dataPath: ':memory:', model, ...options.engine });
  onTestFinished(() => engine.close());
  return { server, client: clientOf(engine) };
};

/** What requests for a completion said, without those for the list of models. */
export const completionRequests = ({ requests }: { requests: { method: string; body: Record<string, unknown> }[] }) =>
  requests.filter(({ method }) => method === 'POST').map(({ body }) => body);
