import { insertFile } from '../files/createFile.ts';
import { existingFile } from '../existing.ts';
import { readForm } from '../files/form.ts';
import { fieldsAsObject } from '../files/formFields.ts';
import { checkAnnouncedSize, stageContent } from '../files/limits.ts';
import { readContent } from '../files/readContent.ts';
import { removeFile } from '../files/removeFile.ts';
import { httpErrors } from '../httpErrors.ts';
import { checkFilename, createFileSchema } from '../validation/file.ts';
import { validated } from '../validation/validationError.ts';
import { attachmentHeaders } from './attachment.ts';
import { type Route, route } from './route.ts';
import { writeOnce } from './writeOnce.ts';

// The routes of files need no `OpenAI-Beta` header.

const createFileRoute: Route = {
  method: 'POST',
  path: '/files',
  needsBeta: false,
  streamsBody: true,
  handle: async (request, _params, _url, { store, files, closing }) => {
    checkAnnouncedSize(request, files.limits);
    const { fields, file } = await readForm(request, {
      fileParam: 'file',
      store: (content) => stageContent(files, store, content),
      discard: (staged) => staged.discard(),
      closing,
    });
    try {
      if (file === undefined) throw httpErrors.missingParameter('file');
      const { purpose, expires_after } = validated(createFileSchema, fieldsAsObject(fields));
      const filename = checkFilename('file', file.filename);
      const { sha256 } = file.stored;
      const write = writeOnce(store, request, { ...Object.fromEntries(fields), file: { filename, sha256 } });
      const created = await insertFile(files, write, file.stored, {
        filename,
        purpose,
        expiresAfterSeconds: expires_after?.seconds,
      });
      return { json: created };
    } finally {
      await file?.stored.discard();
    }
  },
};

export const fileRoutes = [
  createFileRoute,

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
