import { expect, test } from 'vitest';
import type { RestFile } from '../../src/wire/file.ts';
import type { RestRun } from '../../src/wire/run.ts';
import type { RestThread } from '../../src/wire/thread.ts';
import { scriptedModel, startClient } from '../engine/client.ts';
import type { ChatPart } from '../../src/engine/models/model.ts';

/** Each is an image by its first bytes; what follows them does not matter. */
const images: readonly [mediaType: string, content: Buffer][] = [
  ['image/png', Buffer.from('\x89PNG\r\n\x1a\n....', 'latin1')],
  ['image/jpeg', Buffer.from('\xff\xd8\xff....', 'latin1')],
  ['image/gif', Buffer.from('GIF89a....')],
  ['image/webp', Buffer.from('RIFF\r\n\x00\x01WEBP....', 'latin1')],
];
const [[, png]] = images as [(typeof images)[number]];

const start = async () => {
  const script = scriptedModel(async function* () {
    yield { type: 'text', text: 'ok' };
  });
  const client = await startClient({ model: script.model });
  const upload = async (content: Uint8Array<ArrayBuffer>, tenant?: string) => {
    const form = new FormData();
    form.append('purpose', 'vision');
    form.append('file', new Blob([content]), 'a.txt');
    const request = new Request('http://engine.test/v1/files', { method: 'POST', body: form });
    return (await (await client.engine.fetch(request, tenant)).json()) as RestFile;
  };
  /** The parts of the message that the model gets. */
  const sent = async (fileIds: string[], role = 'user'): Promise<ChatPart[] | string> => {
    const { id } = await client.assistant();
    const thread = await client.post<RestThread>('/threads', {
      messages: [{ role, content: fileIds.map((file_id) => ({ type: 'image_file', image_file: { file_id } })) }],
    });
    const run = await client.post<RestRun>(`/threads/${thread.id}/runs`, { assistant_id: id });
    await client.until(run, 'completed');
    return script.requests.at(-1)?.messages.at(-1)?.content ?? '';
  };
  return { client, upload, sent };
};

test('images that were uploaded are sent to the model, with the type that their first bytes show', async () => {
  const { upload, sent } = await start();
  const files = await Promise.all(images.map(([, content]) => upload(Buffer.from(content))));
  expect(await sent(files.map(({ id }) => id))).toEqual(
    images.map(([mediaType, content]) => ({
      type: 'image_bytes',
      mediaType,
      bytes: content,
      detail: undefined,
    })),
  );
});

test('a file that is no image, is larger than 20 MiB, was deleted, or belongs to another tenant is only mentioned', async () => {
  const { client, upload, sent } = await start();
  const text = await upload(Buffer.from('hello'));
  const empty = await upload(Buffer.alloc(0));
  const large = await upload(Buffer.concat([png, Buffer.alloc(20 * 1024 ** 2)]));
  const deleted = await upload(Buffer.from(png));
  await client.remove(`/files/${deleted.id}`);
  const foreign = await upload(Buffer.from(png), 'somebody else');
  const ids = [text, empty, large, deleted, foreign].map(({ id }) => id);
  expect(await sent(ids)).toEqual(ids.map((id) => ({ type: 'text', text: `(an image, file ${id})` })));
});

test('an image in a message of the assistant is only mentioned', async () => {
  const { upload, sent } = await start();
  const { id } = await upload(Buffer.from(png));
  expect(await sent([id], 'assistant')).toBe(`(an image, file ${id})`);
});
