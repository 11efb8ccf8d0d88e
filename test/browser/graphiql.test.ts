import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RunningServer, startServer } from '../support/server.ts';
import { chromiumPath, launchChromium, noChromium } from './chromium.ts';
import { openGraphiql, PATIENT } from './graphiqlPage.ts';

/** In continuous integration a missing browser is an error, which launchChromium throws. */
const skipped = chromiumPath === undefined && process.env['CI'] !== 'true';
if (skipped) process.stderr.write(`\nbrowser test skipped: ${noChromium}\n`);

describe.skipIf(skipped)('GraphiQL in a real browser', { timeout: 120_000 }, () => {
  let browser: Browser;
  let server: RunningServer;

  beforeAll(async () => {
    browser = await launchChromium();
    server = await startServer();
  });

  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  test('the operations of the tour work one after the other on an empty store', async () => {
    const graphiql = await openGraphiql(browser, `${server.url}/graphql`);
    const { selectTab, execute } = graphiql;
    /** Runs work in the background, so the query is repeated, as its comment says. */
    const executeUntil = (expected: unknown) => expect.poll(execute, PATIENT).toMatchObject({ data: expected });

    expect(await graphiql.tabs()).toEqual([
      'CreateAssistant',
      'StartThread',
      'CreateRun',
      'LookAround',
      'CreateWithTool',
      'ThreadAndRun',
      'SeeToolCall',
      'SubmitOutput',
      'WatchRun',
      'ReadMessages',
      'NextPage',
      'UploadFile',
      'AskFile',
      'RunCode',
    ]);

    expect(await execute()).toMatchObject({
      data: { createAssistant: { assistant: { assistantId: expect.stringMatching(/^asst_/), name: 'Librarian' } } },
    });

    await selectTab('StartThread');
    expect(await execute()).toMatchObject({
      data: {
        createThread: {
          thread: {
            threadId: expect.stringMatching(/^thread_/),
            messages: { nodes: [{ role: 'USER', text: 'What shall I read?' }] },
          },
        },
      },
    });

    await selectTab('CreateRun');
    expect(await execute()).toMatchObject({
      data: { createRun: { run: { runId: expect.stringMatching(/^run_/), status: 'QUEUED' } } },
    });

    await selectTab('LookAround');
    await executeUntil({
      thread: {
        runs: {
          nodes: [{ status: 'COMPLETED', steps: { nodes: [{ type: 'MESSAGE_CREATION', status: 'COMPLETED' }] } }],
        },
        messages: {
          nodes: [
            { role: 'ASSISTANT', run: { status: 'COMPLETED', assistant: { name: 'Librarian' } } },
            { role: 'USER', run: null },
          ],
        },
      },
    });

    await selectTab('CreateWithTool');
    expect(await execute()).toMatchObject({
      data: {
        createAssistant: { assistant: { name: 'Weather desk', tools: [{ function: { name: 'get_weather' } }] } },
      },
    });

    await selectTab('ThreadAndRun');
    expect(await execute()).toMatchObject({ data: { createThreadAndRun: { run: { status: 'QUEUED' } } } });

    await selectTab('SeeToolCall');
    await executeUntil({
      run: {
        status: 'REQUIRES_ACTION',
        requiredAction: {
          submitToolOutputs: {
            toolCalls: [{ function: { name: 'get_weather' }, parsedArguments: { city: 'Oslo' } }],
          },
        },
      },
    });

    await selectTab('SubmitOutput');
    expect(await execute()).toMatchObject({ data: { submitToolOutputsToRun: { run: { status: 'QUEUED' } } } });

    await selectTab('WatchRun');
    await graphiql.watch();
    await expect.poll(graphiql.shown, PATIENT).toMatchObject({
      data: {
        runEvents: {
          event: 'thread.run.completed',
          sequence: expect.any(Number),
          run: {
            status: 'COMPLETED',
            messages: { nodes: [{ text: expect.stringContaining('{"celsius": 7, "sky": "rain"}') }] },
          },
        },
      },
    });

    await selectTab('ReadMessages');
    await executeUntil({
      thread: {
        messages: {
          nodes: [
            { role: 'ASSISTANT', text: expect.stringContaining('{"celsius": 7, "sky": "rain"}') },
            { role: 'USER', text: 'What is get_weather {"city": "Oslo"}?' },
          ],
          pageInfo: { hasNextPage: true },
        },
      },
    });

    await selectTab('NextPage');
    expect(await execute()).toMatchObject({
      data: {
        thread: {
          messages: {
            nodes: [
              { role: 'ASSISTANT', text: 'Which city?' },
              { role: 'USER', text: 'Hello!' },
            ],
            pageInfo: { hasNextPage: false },
          },
        },
      },
    });

    await selectTab('UploadFile');
    const chosen = {
      name: 'whales.md',
      mimeType: 'text/markdown',
      buffer: Buffer.from('The file is about a white whale.'),
    };
    graphiql.page.once('filechooser', (chooser) => void chooser.setFiles(chosen));
    const uploaded = await execute();
    expect(uploaded).toMatchObject({ data: { createFile: { file: { filename: 'whales.md', bytes: 32 } } } });
    const contentUrl = /"contentUrl":"([^"]+)"/.exec(JSON.stringify(uploaded))?.[1] ?? '';
    expect(await (await fetch(new URL(contentUrl, server.url))).text()).toBe('The file is about a white whale.');

    await selectTab('AskFile');
    expect(await execute()).toMatchObject({
      data: {
        createThreadAndRun: {
          run: {
            status: 'COMPLETED',
            messages: {
              nodes: [
                {
                  text: expect.stringContaining('white whale'),
                  content: [{ text: { annotations: [{ fileCitation: { file: { filename: 'whales.md' } } }] } }],
                },
              ],
            },
          },
        },
      },
    });

    await selectTab('RunCode');
    expect(await execute()).toMatchObject({ data: { createThreadAndRun: { run: { status: 'COMPLETED' } } } });

    expect(graphiql.errors).toEqual([]);
    expect(graphiql.foreign).toEqual([]);
    await graphiql.page.context().close();
  });

  test('an upload for which no file is chosen says what to do', async () => {
    const { page, selectTab, shown } = await openGraphiql(browser, `${server.url}/graphql`);
    await selectTab('UploadFile');
    page.once('filechooser', (chooser) => void chooser.setFiles([]));
    await page.locator('.graphiql-execute-button').click();
    await expect.poll(shown, PATIENT).toEqual({
      errors: [{ message: 'No file was chosen: execute the operation again, and choose one.' }],
    });
    await page.context().close();
  });

  test('an operation whose ids have no value yet says which operation to execute first', async () => {
    const { page, selectTab, shown } = await openGraphiql(browser, `${server.url}/graphql`);
    await selectTab('SubmitOutput');
    await page.locator('.graphiql-execute-button').click();
    await expect.poll(shown, PATIENT).toEqual({
      errors: [{ message: '{{threadId}} has no value yet: execute operation 2 first, which returns it.' }],
    });
    await page.context().close();
  });

  test('changes in a tab are kept after a reload', async () => {
    const { page, tabs, selectTab } = await openGraphiql(browser, `${server.url}/graphql`);
    await selectTab('NextPage');
    await page.locator('.graphiql-query-editor .view-line').last().click();
    await page.keyboard.type('# my own words');
    await page.waitForFunction(() =>
      localStorage.getItem('assistants-graphql:graphiql:tabState')?.includes('# my own'),
    );
    await page.reload();
    await expect.poll(() => page.locator('.graphiql-tab-active').innerText(), PATIENT).toBe('NextPage');
    await expect
      .poll(() => page.locator('.graphiql-query-editor').innerText(), PATIENT)
      .toContain('my\u00a0own\u00a0words');
    expect(await tabs()).toHaveLength(14);
    await page.context().close();
  });

  test('a link with an operation opens it in its own tab, next to the tour', async () => {
    const query = 'query Linked { assistants(first: 1) { nodes { assistantId } } }';
    const { page, tabs, execute } = await openGraphiql(
      browser,
      `${server.url}/graphql?query=${encodeURIComponent(query)}`,
    );
    expect(await tabs()).toHaveLength(15);
    expect(await execute()).toHaveProperty('data.assistants.nodes');
    expect(page.url()).toBe(`${server.url}/graphql`);
    await page.context().close();
  });

  test('the documentation pane shows the descriptions of a type', async () => {
    const { page, selectTab, execute } = await openGraphiql(browser, `${server.url}/graphql`);
    for (const name of ['CreateAssistant', 'StartThread', 'CreateRun']) {
      await selectTab(name);
      await execute();
    }
    await selectTab('LookAround');
    await expect.poll(execute, PATIENT).toHaveProperty('data.thread.runs.nodes.0.status', 'COMPLETED');
    await page.getByRole('button', { name: /documentation explorer/i }).click();
    await page.getByRole('link', { name: 'Run', exact: true }).click();
    const pane = page.locator('.graphiql-doc-explorer');
    await expect.poll(() => pane.innerText(), PATIENT).toContain('An execution of an assistant on a thread.');
    await expect.poll(() => pane.innerText(), PATIENT).toContain('Whether the run has ended');

    if (process.env['UPDATE_SCREENSHOTS'] === '1') await takeScreenshot(page);
    await page.context().close();
  });
});

/** A laptop-sized window, with the panes resized so that the operation is readable. */
const takeScreenshot = async (page: Page) => {
  await page.setViewportSize({ width: 1440, height: 900 });
  await dragEdge(page, 0, 330);
  await dragEdge(page, 1, 985);
  await page.locator('.graphiql-plugin').evaluate((pane) => pane.scrollTo(0, 0));
  await page.locator('.graphiql-logo').hover();
  // Scroll bars fade away once nothing moves.
  await page.waitForTimeout(2000);
  await page.screenshot({ path: fileURLToPath(new URL('../../docs/graphiql.png', import.meta.url)) });
};

const dragEdge = async (page: Page, place: number, x: number) => {
  const edge = await page.locator('.graphiql-horizontal-drag-bar').nth(place).boundingBox();
  if (edge === null) throw new Error(`There is no edge ${place} to drag.`);
  await page.mouse.move(edge.x + edge.width / 2, 450);
  await page.mouse.down();
  await page.mouse.move(x, 450, { steps: 5 });
  await page.mouse.up();
};
