import type { GraphQLResolveInfo } from 'graphql';
import type { Context } from '../context/context.ts';
import type { FileList } from '../loaders/file.ts';
import type { Received } from '../rest/received.ts';
import type { RestFile } from '../wire/file.ts';
import { type ConnectionArgs, paginate } from './pagination.ts';
import { follow, lookUp, type Reference } from './reference.ts';
import { needsPageInfo } from './selection.ts';

type File = Received<RestFile>;

export const fileReference = (fileId: string, { loaders }: Context): Reference<File> => ({
  type: 'File',
  ids: { id: fileId },
  load: () => loaders.files.load(fileId),
});

export const fileById = (fileId: string, context: Context, info: GraphQLResolveInfo) =>
  lookUp(fileReference(fileId, context), context, info);

/** The file that an object refers to; null if it refers to none, or to one that has been deleted. */
export const fileOf = (
  { file_id: fileId }: { file_id?: string | null | undefined },
  context: Context,
  info: GraphQLResolveInfo,
) => (fileId == null ? null : follow(fileReference(fileId, context), context, info));

/** The files with these ids, in their order; null for each that has been deleted. */
export const filesOf = (
  { file_ids: fileIds }: { file_ids?: readonly string[] | null | undefined },
  context: Context,
  info: GraphQLResolveInfo,
) => (fileIds ?? []).map((fileId) => follow(fileReference(fileId, context), context, info));

/** Where this server has the content of a file. */
export const contentPathOf = (fileId: string) => `/v1/files/${encodeURIComponent(fileId)}/content`;

export const fileList = 'files';

/** The files that were uploaded for a purpose; by default all files. */
export const allFiles = (
  { purpose, ...args }: ConnectionArgs & { purpose?: FileList['purpose'] | null },
  { loaders, limits }: Context,
  info: GraphQLResolveInfo,
) => {
  const list: FileList = purpose == null ? {} : { purpose };
  return paginate(args, { name: fileList, page: (window) => loaders.files.page(list, window) }, limits, {
    pageInfo: needsPageInfo(info),
  });
};
