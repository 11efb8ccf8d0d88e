import { boundedPieces } from '../../boundedPieces.ts';
import { describeJsonLimits } from '../../jsonValues.ts';
import { afterParsing, readJson } from '../../requestJson.ts';
import { HttpError, httpErrors } from '../httpErrors.ts';
import { jsonTypeOf } from '../validation/errorTexts.ts';
import type { EngineRequest } from '../engineRequest.ts';

/** Bytes. Enough for some of the longest messages with every character escaped; protects the process's memory. */
const bodyLimit = 16 * 1024 * 1024;

export type BodyNeed = 'required' | 'optional';

/** Levels of nesting. JSON Schemas need some thirty. JSON.stringify overflows the stack at several thousand. */
const maxDepth = 256;

/** Each value is checked and stored. */
const jsonLimits = { names: 20_000, values: 20_000 };

const tooManyValues = () => httpErrors.bodyNotJson(`it has more than ${describeJsonLimits(jsonLimits)}`);

const bytesOf = async ({ headers, body }: EngineRequest): Promise<string | Uint8Array> => {
  const tooLarge = () => httpErrors.bodyTooLarge(bodyLimit);
  if (Number(headers.get('content-length') ?? 0) > bodyLimit) throw tooLarge();
  if (typeof body === 'string' || body instanceof Uint8Array) {
    if (Buffer.byteLength(body) > bodyLimit) throw tooLarge();
    return body;
  }
  const pieces = await boundedPieces(body ?? [], bodyLimit, tooLarge);
  return pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : Buffer.concat(pieces);
};

/** Works level by level, as recursion would overflow the stack. @throws {HttpError} 400 */
const checkDepth = (body: object): void => {
  let level: object[] = [body];
  for (let depth = 1; level.length > 0; depth += 1) {
    if (depth > maxDepth) throw httpErrors.bodyNotJson(`it is nested more than ${maxDepth} levels deep`);
    level = level.flatMap((parent) =>
      Object.values(parent).filter((child: unknown) => typeof child === 'object' && child !== null),
    );
  }
};

/**
 * Reads the body, which must be a JSON object. An empty body is `{}` if it is optional.
 * @throws {HttpError} 400 or 413
 */
export const readRequestBody = async (request: EngineRequest, need: BodyNeed): Promise<object> => {
  const bytes = await bytesOf(request);
  if (bytes.length === 0) {
    if (need === 'optional') return {};
    throw httpErrors.bodyMissing();
  }
  let body: unknown;
  try {
    const text = await readJson(bytes, jsonLimits, tooManyValues);
    body = JSON.parse(text);
    await afterParsing(text);
  } catch (error) {
    if (error instanceof HttpError) throw error;
    throw httpErrors.bodyNotJson(error instanceof Error ? error.message : String(error));
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw httpErrors.bodyNotObject(jsonTypeOf(body));
  checkDepth(body);
  return body;
};
