import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type PreviewServer, preview } from 'vite';
import { launchChromium } from '../../test/browser/chromium.ts';
import { type RunningServer, startServer } from '../../test/support/server.ts';

let server: RunningServer;
let browser: Browser;

beforeAll(async () => {
  server = await startServer();
  browser = await launchChromium();
});
afterAll(async () => {
  await browser.close();
  await server.stop();
});

describe.each(['relay', 'urql'])('the screen in %s', (frontend) => {
  let site: PreviewServer;
  let address: string;
  let page: Page;
  const problems: string[] = [];

  beforeAll(async () => {
    const root = fileURLToPath(new URL(frontend, import.meta.url));
    await promisify(execFile)('npm', ['run', 'build'], { cwd: root });
    site = await preview({ root, preview: { host: '127.0.0.1', port: 0, proxy: { '/graphql': server.url } } });
    address = site.resolvedUrls?.local[0] ?? '';
  });
  afterAll(() => site.close());

  beforeEach(async () => {
    problems.length = 0;
    page = await browser.newPage();
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') problems.push(message.text());
    });
  });
  afterEach(async () => {
    await page.close();
    if (problems.length > 0) throw new Error(`The page complained:\n${problems.join('\n')}`);
  });

  test('a conversation is begun, asked something, and the answer followed to its end', async () => {
    await page.goto(address);
    await page.getByRole('button', { name: 'Start a conversation' }).click();
    await say(page, 'What is the tallest tree?');

    await settled(page, 1);
    const [question, answer, ...more] = await messages(page);
    expect(question).toBe('What is the tallest tree?');
    expect(answer).toContain('What is the tallest tree?');
    expect(more).toEqual([]);
    expect(await page.getByLabel('Steps').getByRole('listitem').allTextContents()).toEqual([
      'MESSAGE_CREATION: COMPLETED',
    ]);

    await say(page, 'And the oldest?');
    await settled(page, 2);
    expect(await messages(page)).toHaveLength(4);

    const before = await messages(page);
    await page.reload();
    await settled(page, 2);
    expect(await messages(page)).toEqual(before);
  });

  test('a long thread shows its latest messages, and older ones on demand', async () => {
    const texts = Array.from({ length: 25 }, (_, n) => `Line ${n + 1}`);
    await page.goto(`${address}?${new URLSearchParams(await conversationOf(texts))}`);

    await page.getByText('Line 25', { exact: true }).waitFor();
    expect(await messages(page)).toEqual(texts.slice(-10));
    for (const shown of [20, 25]) {
      await page.getByRole('button', { name: 'Load older' }).click();
      await page.getByText(texts[25 - shown] ?? '', { exact: true }).waitFor();
      expect(await messages(page)).toEqual(texts.slice(-shown));
    }
    await page.getByRole('button', { name: 'Load older' }).waitFor({ state: 'detached' });
  });

  test('what the server refuses is said', async () => {
    const { threadId } = await conversationOf(['Hello']);
    await page.goto(`${address}?${new URLSearchParams({ threadId, assistantId: 'asst_none' })}`);
    await say(page, 'Is anybody there?');
    await expect
      .poll(() => page.getByRole('alert').allTextContents())
      .toEqual([expect.stringContaining("No assistant found with id 'asst_none'.")]);
  });
});

const say = async (page: Page, text: string) => {
  await page.getByLabel('Message', { exact: true }).fill(text);
  await page.getByRole('button', { name: 'Send' }).click();
};

/** Waits until so many runs are on the screen, all of them completed. */
const settled = async (page: Page, runs: number) => {
  await expect
    .poll(() => page.getByLabel('Runs').locator('strong').allTextContents(), { timeout: 30_000 })
    .toEqual(Array.from({ length: runs }, () => 'COMPLETED'));
};

const messages = (page: Page) => page.getByLabel('Messages').getByRole('listitem').allTextContents();

/** A thread with these messages, and an assistant for it. */
const conversationOf = async (texts: string[]) => {
  const { data } = await server.graphql<{
    createAssistant: { assistant: { assistantId: string } };
    createThread: { thread: { threadId: string } };
  }>(
    'mutation ($thread: CreateThreadInput!) { createAssistant(input: { model: "offline" }) { assistant { assistantId } } createThread(input: $thread) { thread { threadId } } }',
    { thread: { messages: texts.map((text) => ({ role: 'USER', content: [{ text }] })) } },
  );
  if (!data) throw new Error('The conversation was not created.');
  return { ...data.createAssistant.assistant, ...data.createThread.thread };
};
