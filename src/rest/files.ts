import type { CreateFileBody, RestFile } from '../wire/file.ts';
import type { PageQuery, RestDeleted } from '../wire/page.ts';
import type { WriteOptions } from './callerOptions.ts';
import type { RestClient } from './client.ts';
import { formBody } from './formBody.ts';
import { optionalRoutes } from './optionalRoutes.ts';
import { objectOf, pageOf } from './parseBody.ts';
import { path } from './path.ts';
import { type UploadedFile, uploadMs } from './upload.ts';

/** `purpose` selects the files that were uploaded for it. */
export interface FilesQuery extends PageQuery {
  purpose?: RestFile['purpose'] | undefined;
}

const file = objectOf<RestFile>();

/** The operations on files, which not every server has. */
export const files = (restClient: RestClient) => {
  const client = optionalRoutes(restClient, 'files');
  return {
    /** Sends the content as it is read. */
    create: async ({ purpose, expires_after: expiry }: CreateFileBody, content: UploadedFile, write?: WriteOptions) => {
      const expiryFields = expiry && {
        'expires_after[anchor]': expiry.anchor,
        'expires_after[seconds]': String(expiry.seconds),
      };
      const body = formBody({ purpose, ...expiryFields }, 'file', content);
      return client.upload(path`/files`, file, body, uploadMs(content), write);
    },

    retrieve: async (fileId: string) => client.get(path`/files/${fileId}`, file),

    content: async (fileId: string) => client.download(path`/files/${fileId}/content`),

    delete: async (fileId: string, write?: WriteOptions) =>
      client.delete(path`/files/${fileId}`, objectOf<RestDeleted<'file'>>(), write),

    list: async (query: FilesQuery) => client.get(path`/files`, pageOf<RestFile>(query.limit), { ...query }),
  };
};
