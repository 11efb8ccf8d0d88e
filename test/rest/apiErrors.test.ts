import { expect, test } from 'vitest';
import { ApiError, isMissing } from '../../src/rest/errors/apiError.ts';
import { refusal, reply } from '../support/upstream.ts';
import { failureOf } from './failureOf.ts';
import { restOver } from './restOver.ts';

test('an ApiError has everything that the upstream reported', async () => {
  const { rest } = await restOver({
    'POST /threads/t1/runs': reply({
      status: 400,
      headers: { 'x-request-id': 'req_1', 'retry-after': '7' },
      json: {
        error: {
          message: "Missing required parameter: 'assistant_id'.",
          type: 'invalid_request_error',
          param: 'assistant_id',
          code: 'missing_required_parameter',
        },
      },
    }),
  });

  const error = await failureOf(rest.runs.create('t1', { assistant_id: '' }));

  expect(error).toBeInstanceOf(ApiError);
  expect(error).toMatchObject({
    message: "Missing required parameter: 'assistant_id'.",
    status: 400,
    type: 'invalid_request_error',
    param: 'assistant_id',
    code: 'missing_required_parameter',
    requestId: 'req_1',
    retryAfter: 7,
    call: { method: 'POST', path: '/threads/t1/runs' },
  });
});

const own = (status: string) => `GET /threads/t1: the upstream responded with ${status}`;

test.each([
  ['Azure, without a message', { error: { code: 'model_not_found', type: 'x' } }, own('400 (model_not_found)')],
  ['Azure, an empty message', { error: { code: '400', message: '' } }, own('400 (400)')],
  ['an API gateway, flat', { statusCode: 400, message: 'Access denied.' }, 'Access denied.'],
  ['a text for an error', { error: 'no such model' }, 'no such model'],
  ['FastAPI', { detail: 'Not authenticated' }, 'Not authenticated'],
  ['pydantic', { detail: [{ loc: ['body', 'model'], msg: 'field required', type: 'missing' }] }, 'field required'],
  ['another error object', { error: { reason: 'x' } }, own('400 (Bad Request)')],
  ['null', null, own('400 (Bad Request)')],
  ['a list', [1], own('400 (Bad Request)')],
])('the error body of %s becomes one clear message', async (_server, body, message) => {
  const { rest } = await restOver(() => reply({ status: 400, body: JSON.stringify(body) }));

  const error = await failureOf(rest.threads.retrieve('t1'));

  expect(error).toBeInstanceOf(ApiError);
  expect(error.message).toBe(message);
});

test('Azure sends codes as numbers and its own request id', async () => {
  const { rest } = await restOver(() =>
    reply({
      status: 401,
      headers: { 'apim-request-id': 'apim-1' },
      json: { error: { code: 401, message: 'Denied.' } },
    }),
  );

  expect(await failureOf(rest.threads.retrieve('t1'))).toMatchObject({
    status: 401,
    code: '401',
    type: null,
    param: null,
    requestId: 'apim-1',
    retryAfter: null,
  });
});

test("pydantic's `loc` becomes the param", async () => {
  const { rest } = await restOver(() =>
    reply({ status: 422, json: { detail: [{ loc: ['body', 'tools', 0, 'type'], msg: 'bad' }] } }),
  );

  expect(await failureOf(rest.threads.retrieve('t1'))).toMatchObject({ status: 422, param: 'tools.0.type' });
});

test.each([
  ['a web page', '<html><body>secret garden</body></html>'],
  ['plain text', 'upstream connect error'],
  ['nothing', ''],
])('the error of a 502 with %s as its body has method, path and status, and none of the body', async (_kind, body) => {
  const { rest } = await restOver(() => reply({ status: 502, body }));

  expect(await failureOf(rest.threads.retrieve('t1'))).toMatchObject({
    name: 'ApiError',
    status: 502,
    message: own('502 (Bad Gateway)'),
  });
});

test('an error message of 500 kB is cut', async () => {
  const { rest } = await restOver(() => refusal(400, 'x'.repeat(500_000)));

  expect((await failureOf(rest.threads.retrieve('t1'))).message).toHaveLength(2_000);
});

test.each([
  [{ 'retry-after-ms': '250', 'retry-after': '9' }, 0.25],
  [{ 'retry-after': '2' }, 2],
  [{ 'retry-after': '1.5' }, 1.5],
  [{ 'retry-after': '0' }, 0],
  [{ 'retry-after': new Date(0).toUTCString() }, 0],
  [{ 'retry-after': 'soon' }, null],
  [{ 'retry-after': '-5' }, null],
  [{}, null],
])('the headers %j are a retryAfter of %s seconds', async (headers, retryAfter) => {
  const { rest } = await restOver(() => reply({ status: 429, headers, json: {} }));

  expect(await failureOf(rest.threads.retrieve('t1'))).toMatchObject({ status: 429, retryAfter });
});

test('a retry-after in the future is the time until then', async () => {
  const inTenMinutes = new Date(Date.now() + 600_000).toUTCString();
  const { rest } = await restOver(() => reply({ status: 503, headers: { 'retry-after': inTenMinutes } }));

  const error = await failureOf(rest.threads.retrieve('t1'));

  expect(error).toMatchObject({ retryAfter: expect.closeTo(600, -2) });
});

test.each([
  ['the envelope', JSON.stringify({ error: { message: "No thread found with id 't1'.", code: null } }), true],
  ['any JSON', '{}', true],
  ['nothing', '', true],
  ['a web page', '<!doctype html><title>404</title>', false],
  ['plain text', '404 page not found', false],
])('a 404 with %s as its body is a missing object or an invalid response', async (_kind, body, missing) => {
  const { rest } = await restOver(() => reply({ status: 404, body }));

  const error = await failureOf(rest.threads.retrieve('t1'));

  expect(isMissing(error)).toBe(missing);
  expect(error.name).toBe(missing ? 'ApiError' : 'InvalidResponseError');
});

test('only a 404 means missing', async () => {
  const { rest } = await restOver(() => refusal(403, 'No.'));

  expect(isMissing(await failureOf(rest.threads.retrieve('t1')))).toBe(false);
  expect(isMissing(undefined)).toBe(false);
});
