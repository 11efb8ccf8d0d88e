import type { IncomingMessage, ServerResponse } from 'node:http';
import { announcedLength, BodyTooLong, readBody } from './body.ts';
import { sendJson } from './json.ts';
import type { PlainGraphql } from './plainGraphql.ts';

/** What answers a request of node:http, as yoga does. */
export type NodeListener = (request: IncomingMessage, response: ServerResponse) => unknown;

export interface GraphqlSite {
  readonly graphql: NodeListener;
  /** Answers what it can at less cost. */
  readonly plainGraphql?: PlainGraphql;
  readonly maxBodyBytes: number;
}

/**
 * Answers a plain request itself, and hands every other to yoga once it is sure that its body is not too long: yoga's own
 * limit pipes every body through a stream, which costs more than a small query does. Rejects when the client went away; a
 * body that is too long is answered.
 */
export const answerGraphql = async (
  { graphql, plainGraphql, maxBodyBytes }: GraphqlSite,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  try {
    const mediaType = plainGraphql?.mediaTypeFor(request);
    if (plainGraphql && mediaType !== undefined) {
      const body = await readBody(request, maxBodyBytes);
      if (await plainGraphql.answer(body, mediaType, request, response)) return;
      await graphql(Object.assign(request, { body: new ReadBody(body) }), response);
      return;
    }
    const measured = announcedLength(request, maxBodyBytes) !== undefined;
    const body = measured ? undefined : new ReadBody(await readBody(request, maxBodyBytes));
    await graphql(body === undefined ? request : Object.assign(request, { body }), response);
  } catch (error) {
    if (!(error instanceof BodyTooLong)) throw error;
    request.resume();
    sendJson(response, 413, { errors: [{ message: error.message, extensions: { code: 'BAD_USER_INPUT' } }] });
  }
};

/** A body that was read, in a form that yoga takes: it lists the own keys of a body, and a Buffer has one for each of its bytes. */
class ReadBody {
  readonly bytes: Buffer;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  async *[Symbol.asyncIterator]() {
    yield this.bytes;
  }
}
