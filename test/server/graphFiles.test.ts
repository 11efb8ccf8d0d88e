import { readFileSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { createFile, formOf, send } from '../graph/uploading.ts';
import { type RunningServer, type ServerEnv, startServer } from '../support/server.ts';

const start = async (env: ServerEnv = {}) => {
  const server = await startServer({ LOG_LEVEL: 'error', ...env });
  onTestFinished(() => void server.stop());
  return server;
};

const uploadTo = async (
  server: RunningServer,
  content: string | Buffer<ArrayBuffer>,
  headers: Record<string, string> = {},
  filename = 'rye.md',
) => {
  const operations = {
    query: createFile('id fileId filename bytes purpose contentUrl createdAt'),
    variables: { file: null },
  };
  const form = formOf(operations, { 0: ['variables.file'] }, { 0: [filename, content] });
  const response = await send(`${server.url}/graphql`, form, headers);
  const { data, errors } = JSON.parse(await response.text());
  expect(errors).toBeUndefined();
  return data.createFile.file;
};

test('a file that is uploaded through the graph is in its list and at its contentUrl, until it is deleted', async () => {
  const server = await start();
  const content = 'Rye is dark. '.repeat(500_000);
  const file = await uploadTo(server, content);

  expect(file).toMatchObject({ filename: 'rye.md', bytes: content.length, purpose: 'ASSISTANTS' });
  expect(
    await server.graphql(
      '{ files(purpose: ASSISTANTS) { nodes { fileId } } vision: files(purpose: VISION) { nodes { fileId } } }',
    ),
  ).toEqual({
    data: { files: { nodes: [{ fileId: file.fileId }] }, vision: { nodes: [] } },
  });
  const url = new URL(file.contentUrl, `${server.url}/graphql`);
  expect(await (await fetch(url)).text()).toBe(content);

  const deleted = await server.graphql(
    `mutation { deleteFile(input: { fileId: "${file.fileId}" }) { deletedFileId } }`,
  );
  expect(deleted).toEqual({ data: { deleteFile: { deletedFileId: file.id } } });
  expect(await server.graphql(`{ file(fileId: "${file.fileId}") { filename } }`)).toEqual({ data: { file: null } });
  expect((await fetch(url)).status).toBe(404);
});

test('an upload of 256 MiB is never held in memory', async () => {
  const server = await start();
  await uploadTo(server, 'warm');
  const before = peakMiB(server);
  const file = await uploadTo(server, Buffer.alloc(256 * 1024 ** 2, 'loaf of bread, '));

  expect(file.bytes).toBe(256 * 1024 ** 2);
  expect(peakMiB(server) - before).toBeLessThan(128);
});

test('an upload with the same idempotency key is carried out once', async () => {
  const server = await start();
  const query = `mutation ($file: Upload!) {
    createFile(input: { file: $file, purpose: ASSISTANTS, idempotencyKey: "once" }) { file { fileId } }
  }`;
  const sendOnce = async () => {
    const form = formOf({ query, variables: { file: null } }, { 0: ['variables.file'] }, { 0: ['a.txt', 'a'] });
    return (await send(`${server.url}/graphql`, form)).json();
  };

  const first = await sendOnce();
  expect(first).toMatchObject({ data: { createFile: { file: { fileId: expect.any(String) } } } });
  expect(await sendOnce()).toEqual(first);
  expect((await server.graphql('{ files { nodes { fileId } } }')).data).toMatchObject({ files: { nodes: [{}] } });
});

test('a vector store is created, filled, followed and deleted through the graph', async () => {
  const server = await start();
  const file = await uploadTo(server, 'Rye is dark, and wheat is light.');
  const ask = async (document: string, variables = {}) => {
    const { data, errors } = await server.graphql<Record<string, Record<string, Record<string, string>>>>(
      document,
      variables,
    );
    expect(errors).toBeUndefined();
    return data ?? {};
  };

  const { createVectorStore } = await ask(
    'mutation { createVectorStore(input: { name: "Recipes", expiresAfter: { anchor: LAST_ACTIVE_AT, days: 7 } }) { vectorStore { vectorStoreId } } }',
  );
  const vectorStoreId = createVectorStore?.['vectorStore']?.['vectorStoreId'];
  const added = await ask(
    `mutation ($input: CreateVectorStoreFileInput!) {
      createVectorStoreFile(input: $input) { vectorStoreFile { id vectorStore { name } file { filename } } }
    }`,
    { input: { vectorStoreId, fileId: file.fileId, attributes: { grain: 'rye', year: 2026 } } },
  );
  expect(added).toMatchObject({
    createVectorStoreFile: { vectorStoreFile: { vectorStore: { name: 'Recipes' }, file: { filename: 'rye.md' } } },
  });

  const whole = `query ($id: ID!, $file: ID!) {
    vectorStore(vectorStoreId: $id) {
      name status expiresAfter { anchor days } fileCounts { completed total }
      files(filter: COMPLETED) { nodes { fileId status attributes lastError { code } chunkingStrategy { type } file { filename } } }
    }
    node(id: $file) { ... on VectorStoreFile { status } }
  }`;
  const ids = { id: vectorStoreId, file: added['createVectorStoreFile']?.['vectorStoreFile']?.['id'] };
  await expect
    .poll(() => ask(whole, ids), { timeout: 10_000 })
    .toEqual({
      vectorStore: {
        name: 'Recipes',
        status: 'COMPLETED',
        expiresAfter: { anchor: 'LAST_ACTIVE_AT', days: 7 },
        fileCounts: { completed: 1, total: 1 },
        files: {
          nodes: [
            {
              fileId: file.fileId,
              status: 'COMPLETED',
              attributes: { grain: 'rye', year: 2026 },
              lastError: null,
              chunkingStrategy: { type: 'static' },
              file: { filename: 'rye.md' },
            },
          ],
        },
      },
      node: { status: 'COMPLETED' },
    });

  const writes = `mutation ($id: ID!, $fileId: ID!) {
    modifyVectorStore(input: { vectorStoreId: $id, name: "Cakes", metadata: { a: "b" } }) { vectorStore { name metadata } }
    deleteVectorStoreFile(input: { vectorStoreId: $id, fileId: $fileId }) { deletedVectorStoreFileId }
    createVectorStoreFileBatch(input: { vectorStoreId: $id, files: [{ fileId: $fileId, attributes: { grain: "rye" } }] }) {
      vectorStoreFileBatch { batchId fileCounts { total } vectorStore { name } }
    }
    deleteVectorStore(input: { vectorStoreId: $id }) { deletedVectorStoreId }
  }`;
  expect(await ask(writes, { id: vectorStoreId, fileId: file.fileId })).toMatchObject({
    modifyVectorStore: { vectorStore: { name: 'Cakes', metadata: { a: 'b' } } },
    deleteVectorStoreFile: { deletedVectorStoreFileId: ids.file },
    createVectorStoreFileBatch: {
      vectorStoreFileBatch: { batchId: expect.any(String), fileCounts: { total: 1 }, vectorStore: { name: 'Cakes' } },
    },
    deleteVectorStore: { deletedVectorStoreId: expect.any(String) },
  });
  expect(await ask('query ($id: ID!) { vectorStore(vectorStoreId: $id) { name } }', { id: vectorStoreId })).toEqual({
    vectorStore: null,
  });
});

test("a tenant neither sees nor deletes another one's files and vector stores", async () => {
  const server = await start({
    ACCESS: 'server',
    ACCESS_TOKENS: '{ "alice": "token-of-alice-0123456789", "bob": "token-of-bob-0123456789ab" }',
  });
  const alice = { authorization: 'Bearer token-of-alice-0123456789' };
  const bob = { authorization: 'Bearer token-of-bob-0123456789ab' };
  const file = await uploadTo(server, 'Mine.', alice);
  const store = await server.graphql<{ it: { vectorStore: { vectorStoreId: string } } }>(
    'mutation { it: createVectorStore(input: {}) { vectorStore { vectorStoreId } } }',
    {},
    alice,
  );
  const variables = { file: file.fileId, store: store.data?.it.vectorStore.vectorStoreId };

  const reads = `query ($file: ID!, $store: ID!) {
    file(fileId: $file) { filename } vectorStore(vectorStoreId: $store) { status }
    files { nodes { fileId } } vectorStores { nodes { vectorStoreId } }
  }`;
  expect(await server.graphql(reads, variables, bob)).toEqual({
    data: { file: null, vectorStore: null, files: { nodes: [] }, vectorStores: { nodes: [] } },
  });
  const writes = `mutation ($file: ID!, $store: ID!) {
    a: deleteFile(input: { fileId: $file }) { deletedFileId }
    b: deleteVectorStore(input: { vectorStoreId: $store }) { deletedVectorStoreId }
    c: createVectorStoreFile(input: { vectorStoreId: $store, fileId: $file }) { clientMutationId }
  }`;
  const { errors } = await server.graphql(writes, variables, bob);
  expect(errors?.map(({ extensions }) => extensions?.['code'])).toEqual(['NOT_FOUND', 'NOT_FOUND', 'NOT_FOUND']);
  expect((await fetch(new URL(file.contentUrl, server.url), { headers: bob })).status).toBe(404);
  expect(await (await fetch(new URL(file.contentUrl, server.url), { headers: alice })).text()).toBe('Mine.');
});

/** The most memory that the process has had so far. */
const peakMiB = ({ pid }: RunningServer) => {
  const [, kilobytes] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) / 1024;
};
