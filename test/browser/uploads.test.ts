import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createFile } from '../graph/uploading.ts';
import { type RunningServer, startServer } from '../support/server.ts';
import { chromiumPath, launchChromium } from './chromium.ts';

/** In continuous integration a missing browser is an error, which launchChromium throws. */
const skipped = chromiumPath === undefined && process.env['CI'] !== 'true';

const query = createFile('fileId filename bytes contentUrl');

interface Answer {
  data: { createFile: { file: { fileId: string; filename: string; bytes: number; contentUrl: string } } };
}

describe.skipIf(skipped)('an upload from a real browser', { timeout: 60_000 }, () => {
  let browser: Browser;
  let server: RunningServer;

  beforeAll(async () => {
    browser = await launchChromium();
    // Any origin, so that nothing but the header stands between another site and the graph.
    server = await startServer({ ALLOWED_ORIGINS: '*' });
  });

  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  const filenames = async () => {
    const { data } = await server.graphql<{ files: { nodes: { filename: string }[] } }>(
      '{ files { nodes { filename } } }',
    );
    return data?.files.nodes.map(({ filename }) => filename);
  };

  test('is sent with FormData and fetch, and read again at its contentUrl', async () => {
    const page = await (await browser.newContext()).newPage();
    await page.goto(`${server.url}/graphql`);

    const { answer, content } = await page.evaluate(async (mutation) => {
      const form = new FormData();
      form.set('operations', JSON.stringify({ query: mutation, variables: { file: null } }));
      form.set('map', JSON.stringify({ 0: ['variables.file'] }));
      form.set('0', new File(['Rye is dark. '.repeat(100_000)], 'Brötchen 🥨.md', { type: 'text/markdown' }));
      const headers = { 'graphql-require-preflight': '1' };
      const sent = await fetch('/graphql', { method: 'POST', headers, body: form });
      const received: Answer = JSON.parse(await sent.text());
      const url = new URL(received.data.createFile.file.contentUrl, new URL('/graphql', location.href));
      return { answer: received, content: await (await fetch(url)).text() };
    }, query);
    expect(answer.data.createFile.file).toMatchObject({ filename: 'Brötchen 🥨.md', bytes: 1_300_000 });
    expect(content).toBe('Rye is dark. '.repeat(100_000));
    await page.context().close();
  });

  test('of another site by a form is refused, and nothing is stored', async () => {
    const before = await filenames();
    const page = await (await browser.newContext()).newPage();
    const body = formPage(`${server.url}/graphql`);
    await page.route('http://elsewhere.example/**', (route) => route.fulfill({ contentType: 'text/html', body }));
    await page.goto('http://elsewhere.example/');

    const [response] = await Promise.all([
      page.waitForResponse(`${server.url}/graphql`),
      page.getByRole('button', { name: 'Win a prize' }).click(),
    ]);
    expect(response.status()).toBe(400);
    expect(await response.text()).toContain('needs the header GraphQL-Require-Preflight');
    expect(await filenames()).toEqual(before);
    await page.context().close();
  });
});

/** What another site can send without a script. */
const formPage = (url: string) => `<form method="post" enctype="multipart/form-data" action="${url}">
  <textarea name="operations">${JSON.stringify({ query, variables: { file: null } })}</textarea>
  <textarea name="map">{"0":["variables.file"]}</textarea>
  <input type="file" name="0">
  <button>Win a prize</button>
</form>`;
