import { request as sendRequest } from 'node:http';
import { text } from 'node:stream/consumers';
import { expect, test, vi } from 'vitest';
import { newDataPath } from '../engine/dataFiles.ts';
import { storedIn } from '../engine/filesWorld.ts';
import { type RunningServer, startServer } from '../support/server.ts';

const LINE = 'a line of a file\n';
const LINES = 20_000;

/** Sends half of a file, and the server the signal to stop. Resolves once it is stopping. */
const withHalfOfAnUpload = async () => {
  const dataPath = newDataPath();
  const server = await startServer({ DATA_PATH: dataPath });
  const form = new FormData();
  form.set('purpose', 'assistants');
  form.set('file', new File([LINE.repeat(LINES)], 'lines.txt'));
  const encoded = new Response(form);
  const body = Buffer.from(await encoded.arrayBuffer());
  const sending = sendRequest(`${server.url}/v1/files`, {
    method: 'POST',
    headers: { 'content-type': encoded.headers.get('content-type') ?? '', 'content-length': body.length },
  });
  const received = new Promise<{ status: number | undefined; body: string }>((resolve, reject) => {
    sending.once('error', reject).once('response', (response) => {
      resolve(text(response).then((all) => ({ status: response.statusCode, body: all })));
    });
  });
  const half = body.length / 2;
  await new Promise((resolve) => sending.write(body.subarray(0, half), resolve));
  await server.rest('/files'); // the server has read what was sent before
  server.signal('SIGTERM');
  await vi.waitFor(() => expect(server.output()).toContain('stopping'), { timeout: 5000 });
  return { dataPath, server, received, sendRest: () => sending.end(body.subarray(half)) };
};

const filesOf = async (server: RunningServer) => {
  const { data } = (await (await server.rest('/files')).json()) as { data: { id: string; bytes: number }[] };
  return data;
};

test('an upload under way is received to its end before the server ends, and is there after a new start', async () => {
  const { dataPath, server, received, sendRest } = await withHalfOfAnUpload();
  sendRest();
  const { status, body } = await received;
  expect([status, JSON.parse(body)]).toMatchObject([200, { bytes: LINE.length * LINES }]);
  expect(await server.exited).toBe(0);

  const next = await startServer({ DATA_PATH: dataPath });
  const [file, ...others] = await filesOf(next);
  expect([file?.bytes, others]).toEqual([LINE.length * LINES, []]);
  const content = await next.rest(`/files/${file?.id}/content`);
  expect((await content.text()) === LINE.repeat(LINES)).toBe(true);
  await next.stop();
});

test('an upload whose client does not go on is cut off after the grace period, and nothing of it is left', async () => {
  const { dataPath, server, received } = await withHalfOfAnUpload();
  await expect(received).rejects.toThrow(/ECONNRESET|socket hang up/);
  expect(await server.exited).toBe(0);

  const next = await startServer({ DATA_PATH: dataPath });
  expect(await filesOf(next)).toEqual([]);
  await expect.poll(() => storedIn(dataPath)).toEqual([]);
  await next.stop();
});
