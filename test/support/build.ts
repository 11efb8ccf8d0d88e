import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Builds the server that tests start, as `npm start` does. */
export const setup = async () => {
  await promisify(execFile)(process.execPath, ['scripts/build.js']);
};
