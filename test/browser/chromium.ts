import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

const chosen = process.env['CHROMIUM_PATH'];
const looked = chosen === undefined || chosen === '' ? PLACES : [chosen];

/** The path of the browser; undefined if there is none. */
export const chromiumPath = looked.find((path) => existsSync(path));

/** The message if there is none. */
export const noChromium = `no Chromium found (looked for ${looked.join(', ')}; CHROMIUM_PATH names another)`;

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Starts the browser. Rejects if there is none. */
export const launchChromium = async (): Promise<Browser> => {
  if (chromiumPath === undefined) throw new Error(noChromium);
  return chromium.launch({ executablePath: chromiumPath, args: FLAGS });
};
