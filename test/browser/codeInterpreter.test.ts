import { readFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RunningServer, startServer } from '../support/server.ts';
import { chromiumPath, launchChromium } from './chromium.ts';
import { openGraphiql } from './graphiqlPage.ts';

/** In continuous integration a missing browser is an error, which launchChromium throws. */
const skipped = chromiumPath === undefined && process.env['CI'] !== 'true';

/** As far as the test needs it. */
interface RunCodeResult {
  data: {
    createThreadAndRun: {
      run: {
        messages: {
          nodes: { content: { imageFile?: { file: { filename: string; bytes: number; contentUrl: string } } }[] }[];
        };
      };
    };
  };
}

/** A server that runs code. On a machine that has no sandboxes, this says what to install. */
const startWithSandboxes = async (): Promise<RunningServer> => {
  const server = await startServer({ CODE_INTERPRETER: 'bubblewrap' });
  const [, state = 'nothing'] = /Code interpreter +(.*)/u.exec(server.output()) ?? [];
  if (state === 'bubblewrap') return server;
  await server.stop();
  throw new Error(
    `This test needs bubblewrap (apt-get install bubblewrap python3 python3-matplotlib): the start says ${state}`,
  );
};

describe.skipIf(skipped)('the code interpreter in a real browser', { timeout: 120_000 }, () => {
  let browser: Browser;
  let server: RunningServer;

  beforeAll(async () => {
    [browser, server] = await Promise.all([launchChromium(), startWithSandboxes()]);
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  test('the code of the tour draws a picture, which the page downloads at its contentUrl and can show', async () => {
    const graphiql = await openGraphiql(browser, `${server.url}/graphql`);
    const { page } = graphiql;
    await graphiql.execute();
    await graphiql.selectTab('RunCode');
    const result = (await graphiql.execute()) as RunCodeResult;
    expect(result).toMatchObject({
      data: {
        createThreadAndRun: {
          run: {
            status: 'COMPLETED',
            steps: {
              nodes: [
                {},
                {
                  stepDetails: { toolCalls: [{ codeInterpreter: { outputs: [{ type: 'logs' }, { type: 'image' }] } }] },
                },
              ],
            },
          },
        },
      },
    });
    const parts = result.data.createThreadAndRun.run.messages.nodes.flatMap(({ content }) => content);
    const [picture, ...others] = parts.flatMap(({ imageFile }) => imageFile?.file ?? []);
    expect(others).toEqual([]);
    if (picture === undefined) throw new Error(`the message has no picture: ${JSON.stringify(parts)}`);
    expect(picture.filename).toBe('image-1.png');

    // As the tour says: by opening the URL, which the browser saves.
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.evaluate((url) => {
        location.href = url;
      }, picture.contentUrl),
    ]);
    expect(download.suggestedFilename()).toBe('image-1.png');
    const saved = readFileSync(await download.path());
    expect(saved.length).toBe(picture.bytes);
    expect(saved.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n');

    // The default size of a figure of matplotlib: 6.4 x 4.8 inches of 100 dots.
    const shown = await page.evaluate(async (url) => {
      const response = await fetch(url);
      const { width, height } = await createImageBitmap(await response.blob());
      return { width, height };
    }, picture.contentUrl);
    expect(shown).toEqual({ width: 640, height: 480 });
    expect([saved.readUInt32BE(16), saved.readUInt32BE(20)]).toEqual([640, 480]);

    if (process.env['SCREENSHOT_PATH'] !== undefined) await page.screenshot({ path: process.env['SCREENSHOT_PATH'] });
    expect(graphiql.errors).toEqual([]);
    expect(graphiql.foreign).toEqual([]);
    await page.context().close();
  });
});
