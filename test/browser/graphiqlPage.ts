import type { Browser, Page } from 'playwright-core';
import { expect } from 'vitest';

/** GraphiQL, open in a browser of its own cookies and storage. */
export interface GraphiqlPage {
  readonly page: Page;
  /** What was asked of any other origin. Nothing of it is let through. */
  readonly foreign: string[];
  /** Errors that the page logged or threw. */
  readonly errors: string[];
  readonly tabs: () => Promise<string[]>;
  readonly selectTab: (name: string) => Promise<void>;
  /** Clicks Execute, and waits until what the server answered is shown. Fails if that has errors. */
  readonly execute: () => Promise<unknown>;
  /** Clicks Execute on a subscription, and waits until its events are coming in. */
  readonly watch: () => Promise<void>;
  /** The answer as it is shown; undefined while that is not JSON. */
  readonly shown: () => Promise<unknown>;
}

/** How long anything shown may take, on a machine that is busy with other tests. */
export const PATIENT = { timeout: 20_000 };

/** So large that the editor draws every line of an answer, and wraps none. */
const LARGE = { width: 2400, height: 1600 };

/** Opens the page at `url`, and waits until it knows the schema. */
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
  const introspected = page.waitForResponse(isGraphqlAnswer);
  await page.goto(url);
  await introspected;
  await page.waitForSelector('.graphiql-query-editor .view-line');

  const shown = () => page.evaluate(readAnswer).then(parsed);
  // While GraphiQL is still at it, the same button would stop it.
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
      const [response] = await Promise.all([page.waitForResponse(isGraphqlAnswer), clickExecute()]);
      const answer: unknown = await response.json();
      expect(answer).not.toHaveProperty('errors');
      await expect.poll(shown, PATIENT).toEqual(answer);
      return answer;
    },
    watch: async () => {
      const [response] = await Promise.all([page.waitForResponse(isGraphqlAnswer), clickExecute()]);
      expect(response.headers()['content-type']).toContain('text/event-stream');
    },
  };
};

const operationOf = (name: string) => new RegExp(`^(query|mutation|subscription) ${name}\\b`, 'm');

const isGraphqlAnswer = (response: { url: () => string; request: () => { method: () => string } }) =>
  response.request().method() === 'POST' && response.url().endsWith('/graphql');

/** The editor draws its lines in no particular order, each at its place. */
const readAnswer = () =>
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
