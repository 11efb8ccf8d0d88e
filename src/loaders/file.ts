import type { Received } from '../rest/received.ts';
import type { Rest } from '../rest/rest.ts';
import type { RestFile } from '../wire/file.ts';
import type { CollectionKind } from './collection.ts';

type File = Received<RestFile>;

/** All files; with `purpose`, those uploaded for it. */
export interface FileList {
  purpose?: RestFile['purpose'] | undefined;
}

const ALL: FileList = {};

/** Files: all in one list, from which those of a purpose can be selected. */
export const fileKind = (rest: Rest): CollectionKind<string, FileList, File> => ({
  type: 'file',
  key: ({ id }) => id,
  id: (fileId) => fileId,
  list: () => ALL,
  name: ({ purpose = '' }) => purpose,
  owned: false,
  within: ({ purpose }) =>
    purpose === undefined ? undefined : { list: ALL, select: (files) => uploadedFor(purpose, files) },
  retrieve: (_, fileId) => rest.files.retrieve(fileId),
  read: ({ purpose }, window) => rest.files.list(purpose === undefined ? window : { ...window, purpose }),
});

/** Undefined if the server omits the purpose of a file, so that only the server can filter. */
const uploadedFor = (purpose: RestFile['purpose'], files: readonly File[]) =>
  files.some((file) => file.purpose == null) ? undefined : files.filter((file) => file.purpose === purpose);
