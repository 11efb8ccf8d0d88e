import { Endpoint, type EndpointOptions } from '../endpoint/endpoint.ts';
import { endpointModel } from '../endpoint/endpointModel.ts';
import type { Model } from '../model.ts';
import { responseBodyOf } from './body.ts';
import { responseFallbacks } from './fallbacks.ts';
import { ResponseReader } from './reader.ts';

/** The models of an endpoint, by `POST /responses`, with the tools that the endpoint hosts. Nothing is stored there. */
export const responsesModel = (options: EndpointOptions): Model =>
  endpointModel(new Endpoint(options), {
    title: 'Responses',
    path: '/responses',
    hostedTools: ['file_search', 'code_interpreter'],
    fallbacks: responseFallbacks,
    bodyOf: responseBodyOf,
    readerOf: (request, model) => new ResponseReader(request, model),
  });
