import { apiErrors } from '../errors.ts';
import { kindOf } from '../validation/sentences.ts';

/** Bytes. Fits the longest instructions and some dozens of the longest messages; keeps a client from filling the memory. */
export const bodyLimit = 16 * 1024 * 1024;

export type BodyNeed = 'required' | 'optional';

/** JSON levels. A strict function's schema needs about thirty; what the engine keeps it must be able to write again. */
const deepestBody = 256;

const utf8 = new TextDecoder('utf-8', { fatal: true });

const bytesOf = async (request: Request): Promise<Uint8Array> => {
  if (Number(request.headers.get('content-length') ?? 0) > bodyLimit) throw apiErrors.bodyTooLarge(bodyLimit);
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request.body ?? []) {
    length += chunk.byteLength;
    if (length > bodyLimit) throw apiErrors.bodyTooLarge(bodyLimit);
    chunks.push(chunk);
  }
  return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks, length);
};

/** Level by level, as recursion would overflow the stack. @throws {ApiError} 400 */
const checkDepth = (body: object): void => {
  let level: object[] = [body];
  for (let depth = 1; level.length > 0; depth += 1) {
    if (depth > deepestBody) throw apiErrors.bodyNotJson(`it is nested more than ${deepestBody} levels deep`);
    level = level.flatMap((parent) =>
      Object.values(parent).filter((child: unknown) => typeof child === 'object' && child !== null),
    );
  }
};

/**
 * The body as a JSON object. An optional body that is empty is `{}`.
 * @throws {ApiError} 400 or 413
 */
export const readBody = async (request: Request, need: BodyNeed): Promise<object> => {
  const bytes = await bytesOf(request);
  if (bytes.byteLength === 0) {
    if (need === 'optional') return {};
    throw apiErrors.bodyMissing();
  }
  let body: unknown;
  try {
    body = JSON.parse(utf8.decode(bytes));
  } catch (error) {
    throw apiErrors.bodyNotJson(error instanceof Error ? error.message : String(error));
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw apiErrors.bodyNotObject(kindOf(body));
  checkDepth(body);
  return body;
};
