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
