import type { BlobStore } from '../files/blobStore.ts';
import type { ToolContext } from '../tools/engineTool.ts';
import { resourcesOf } from '../tools/runResources.ts';
import { type InputFile, outputNameOf } from './codeRunner.ts';

/** Calls of the thread whose files a new session gets back. */
const mostRestoredCalls = 100;
const pathPrefix = 'sandbox:/mnt/data/';

/** Characters and bytes of a name in a folder. Systems allow 255 bytes; numbers may be added. */
const [mostCharacters, mostBytes] = [100, 240];

/** The end of a name, which has its extension. */
const endOf = (name: string): string => {
  const characters = Array.from(name).slice(-mostCharacters);
  while (Buffer.byteLength(characters.join('')) > mostBytes) characters.shift();
  return characters.join('');
};

/** A name that is safe as one in a folder. */
const plainName = (filename: string): string => {
  const plain = endOf(filename.replaceAll(/[^\p{L}\p{M}\p{N}._ ()+,@=~-]/gu, '_'));
  return /^(?:\.|$)/u.test(plain) ? `file${plain}` : plain;
};

const numbered = (name: string, count: number): string => {
  const dot = name.lastIndexOf('.');
  return dot <= 0 ? `${name}-${count}` : `${name.slice(0, dot)}-${count}${name.slice(dot)}`;
};

type Blobs = Pick<BlobStore, 'read'>;

/** The files that exist, by their ids. */
const inputFiles = async (blobs: Blobs, { store }: ToolContext, ids: readonly string[]) => {
  const found = await store.files.getAll(ids);
  return new Map(
    found.map(({ file: { id, filename: name, bytes }, sha256 }): [string, InputFile] => [
      id,
      { id, name, bytes, read: () => blobs.read(sha256) },
    ]),
  );
};

/**
 * The files of the thread and of the assistant, by their names in `/mnt/data`. Files of the same name are numbered. Files
 * that do not exist any more are left out.
 */
export const givenFiles = async (blobs: Blobs, context: ToolContext): Promise<InputFile[]> => {
  const { fileIds } = await resourcesOf(context.store, context.run);
  const found = await inputFiles(blobs, context, fileIds);
  const byName = new Map<string, InputFile>();
  for (const id of fileIds) {
    const file = found.get(id);
    if (file === undefined) continue;
    const plain = plainName(file.name);
    let name = plain;
    for (let count = 2; byName.has(name); count += 1) name = numbered(plain, count);
    byName.set(name, { ...file, name });
  }
  return [...byName.values()];
};

/** The files that earlier code of the thread wrote, as it left them. */
export const earlierOutputs = async (blobs: Blobs, context: ToolContext): Promise<InputFile[]> => {
  const citations = await context.store.engineCalls.citationsIn(context.run.thread_id, mostRestoredCalls);
  const ids = new Map(
    citations.flatMap(({ type, text, fileId }) => {
      if (type !== 'file_path' || !text.startsWith(pathPrefix)) return [];
      // The encoded link to a file is no name: names have no percent sign.
      const name = outputNameOf(text.slice(pathPrefix.length));
      return name === undefined ? [] : [[name, fileId]];
    }),
  );
  const found = await inputFiles(blobs, context, [...ids.values()]);
  return [...ids].flatMap(([name, id]) => {
    const file = found.get(id);
    return file === undefined ? [] : [{ ...file, name }];
  });
};

/** How the model writes a link to a file in `/mnt/data`: as it is, or encoded as in a URL. */
export const linksTo = (name: string): string[] => [...new Set([pathPrefix + name, pathPrefix + encodeURI(name)])];
