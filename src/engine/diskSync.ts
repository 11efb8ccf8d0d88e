import { closeSync, fsyncSync, openSync } from 'node:fs';
import { open } from 'node:fs/promises';

/** Makes the names in a folder durable: a file that is only synced itself can lose its name in a power failure. */
export const syncFolder = async (path: string): Promise<void> => {
  if (process.platform === 'win32') return; // It cannot open folders.
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
};

/** Puts a file or the names in a folder on the disk. Blocks the event loop: for commands. */
export const syncNow = (path: string): void => {
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
};
