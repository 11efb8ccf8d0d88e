import type { RestFile } from '../wire/file.ts';
import type { PageQuery, RestDeleted } from '../wire/page.ts';
import type { WriteOptions } from './callerOptions.ts';
import type { RestClient } from './client.ts';
import { optionalRoutes } from './optionalRoutes.ts';
import { objectOf, pageOf } from './parseBody.ts';
import { path } from './path.ts';

/** `purpose` selects the files that were uploaded for it. */
export interface FilesQuery extends PageQuery {
  purpose?: RestFile['purpose'] | undefined;
}

const file = objectOf<RestFile>();

/** The operations on files, which not every server has. */
export const files = (restClient: RestClient) => {
  const client = optionalRoutes(restClient, 'files');
  return {
    retrieve: async (fileId: string) => client.get(path`/files/${fileId}`, file),

    delete: async (fileId: string, write?: WriteOptions) =>
      client.delete(path`/files/${fileId}`, objectOf<RestDeleted<'file'>>(), write),

    list: async (query: FilesQuery) => client.get(path`/files`, pageOf<RestFile>(query.limit), { ...query }),
  };
};
