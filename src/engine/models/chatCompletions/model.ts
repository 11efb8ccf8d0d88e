import { Endpoint, type EndpointOptions } from '../endpoint/endpoint.ts';
import { endpointModel } from '../endpoint/endpointModel.ts';
import type { Model } from '../model.ts';
import { chatBodyOf } from './body.ts';
import { chatFallbacks } from './fallbacks.ts';
import { ChatCompletionReader } from './reader.ts';

/** The models of an endpoint, by `POST /chat/completions`. Requests must not name hosted tools. */
export const chatCompletionsModel = (options: EndpointOptions): Model =>
  endpointModel(new Endpoint(options), {
    title: 'Chat Completions',
    path: '/chat/completions',
    hostedTools: [],
    fallbacks: chatFallbacks,
    bodyOf: (request, model, fallbacks) =>
      chatBodyOf(request, model, fallbacks, options.maxTokensParameter ?? 'max_completion_tokens'),
    readerOf: (request, model) => new ChatCompletionReader(request, model),
  });
