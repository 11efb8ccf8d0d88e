import { insertFile } from '../files/createFile.ts';
import { existingFile } from '../existing.ts';
import { fieldsAsObject } from '../files/formFields.ts';
import { readContent } from '../files/readContent.ts';
import { removeFile } from '../files/removeFile.ts';
import { checkFilename, createFileSchema } from '../validation/file.ts';
import { validated } from '../validation/validationError.ts';
import { filesQuerySchema } from '../validation/query.ts';
import { attachmentHeaders } from './attachment.ts';
import { withFormFile } from './formFile.ts';
import { listOf } from './list.ts';
import { type Route, route } from './route.ts';
import { writeOnce } from './writeOnce.ts';

// The routes of files need no `OpenAI-Beta` header.

const createFileRoute: Route = {
  method: 'POST',
  path: '/files',
  needsBeta: false,
  streamsBody: true,
  handle: (request, _params, _url, dependencies) => {
    const { store, files } = dependencies;
    return withFormFile(
      request,
      dependencies,
      { param: 'file', maxBytes: files.limits.file },
      async ({ fields, file }) => {
        const body = validated(createFileSchema, fieldsAsObject(fields));
        const filename = checkFilename('file', file.filename);
        const staged = file.stored;
        const write = writeOnce(store, request, { ...body, filename, sha256: staged.sha256 });
        const newFile = { filename, purpose: body.purpose, expiresAfterSeconds: body.expires_after?.seconds };
        const created = await staged.keep(() => write((writes) => insertFile(files, writes, staged, newFile)));
        return { json: created };
      },
    );
  },
};

export const fileRoutes = [
  createFileRoute,

  route('GET', '/files', {
    needsBeta: false,
    query: filesQuerySchema,
    handle: async ({ query: { purpose, ...page } }, { store }) => listOf(await store.files.list(page, purpose)),
  }),

  route('GET', '/files/{file_id}', {
    needsBeta: false,
    handle: async ({ params }, { store }) => ({ json: (await existingFile(store, params.file_id)).file }),
  }),

  route('GET', '/files/{file_id}/content', {
    needsBeta: false,
    handle: async ({ params }, { store, files }) => {
      const { file, content } = await readContent(files.blobs, store, params.file_id);
      return new Response(content, { headers: attachmentHeaders(file) });
    },
  }),

  route('DELETE', '/files/{file_id}', {
    needsBeta: false,
    handle: async ({ params: { file_id: id }, write }, { files }) => {
      await removeFile(files, write, id);
      return { json: { id, object: 'file', deleted: true } };
    },
  }),
];
