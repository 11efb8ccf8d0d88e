import type { Browser, Page } from 'playwright-core';
import { expect } from 'vitest';

/** GraphiQL, opened in a browser context with its own cookies and storage. */
export interface GraphiqlPage {
  readonly page: Page;
  /** Requests to other origins. All of them are blocked. */
  readonly foreign: string[];
  /** Errors that the page logged or threw. */
  readonly errors: string[];
  readonly tabs: () => Promise<string[]>;
  readonly selectTab: (name: string) => Promise<void>;
  /** Clicks Execute and waits until the response is shown. Fails if it has errors. */
  readonly execute: () => Promise<unknown>;
  /** Clicks Execute on a subscription and waits for the event stream. */
  readonly watch: () => Promise<void>;
  /** The response as shown; undefined while it is not JSON. */
  readonly shown: () => Promise<unknown>;
}

/** How long to wait for the page, on a machine that is busy with other tests. */
export const PATIENT = { timeout: 20_000 };

/** Large enough for the editor to render every line of a response without wrapping. */
const LARGE = { width: 3200, height: 1600 };

/** Opens the page at `url` and waits until it has loaded the schema. */
export const openGraphiql = async (browser: Browser, url: string): Promise<GraphiqlPage> => {
  const { origin } = new URL(url);
  const context = await browser.newContext({ viewport: LARGE });
  const foreign: string[] = [];
  const errors: string[] = [];
  await context.route(
    (asked) => asked.origin !== origin && asked.protocol.startsWith('http'),
    (route) => {
      foreign.push(route.request().url());
      return route.abort();
    },
  );
  const page = await context.newPage();
  page.on('pageerror', ({ message }) => errors.push(message));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  const introspected = page.waitForResponse(isGraphqlResponse);
  await page.goto(url);
  await introspected;
  await page.waitForSelector('.graphiql-query-editor .view-line');

  const shown = () => page.evaluate(readResponse).then(parsed);
  // While an operation is running, the same button stops it.
  const clickExecute = () => page.locator('.graphiql-execute-button[aria-label^="Execute"]').click();
  return {
    page,
    foreign,
    errors,
    shown,
    tabs: () => page.locator('.graphiql-tab-button').allInnerTexts(),
    selectTab: async (name) => {
      await page.locator(`.graphiql-tab-button[title="${name}"]`).click();
      // GraphiQL learns which operation it has a tenth of a second later, together with keeping the text for a reload.
      await page.waitForFunction(
        (stored) => stored.test(localStorage.getItem('assistants-graphql:graphiql:query') ?? ''),
        operationOf(name),
      );
    },
    execute: async () => {
      const [response] = await Promise.all([page.waitForResponse(isGraphqlResponse), clickExecute()]);
      const result: unknown = await response.json();
      expect(result).not.toHaveProperty('errors');
      await expect.poll(shown, PATIENT).toEqual(result);
      return result;
    },
    watch: async () => {
      const [response] = await Promise.all([page.waitForResponse(isGraphqlResponse), clickExecute()]);
      expect(response.headers()['content-type']).toContain('text/event-stream');
    },
  };
};

const operationOf = (name: string) => new RegExp(`^(query|mutation|subscription) ${name}\\b`, 'm');

const isGraphqlResponse = (response: { url: () => string; request: () => { method: () => string } }) =>
  response.request().method() === 'POST' && response.url().endsWith('/graphql');

/** The editor renders its lines in any order, each at its position. */
const readResponse = () =>
  [...document.querySelectorAll<HTMLElement>('.graphiql-response .view-line')]
    .toSorted((one, other) => Number.parseInt(one.style.top, 10) - Number.parseInt(other.style.top, 10))
    .map((line) => line.textContent.replaceAll('\u00a0', ' '))
    .join('');

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
