import type { RestUpload } from '../../wire/upload.ts';
import { unixSeconds } from '../clock.ts';
import { existingUpload, lockedUpload } from '../existing.ts';
import { addPart, maxPartBytes } from '../files/addPart.ts';
import { completeUpload } from '../files/completeUpload.ts';
import { fieldsAsObject } from '../files/formFields.ts';
import { checkIsPending } from '../files/pendingUpload.ts';
import { httpErrors } from '../httpErrors.ts';
import { newId } from '../ids.ts';
import { checkFilename } from '../validation/file.ts';
import { addPartSchema, completeUploadSchema, createUploadSchema } from '../validation/upload.ts';
import { validated } from '../validation/validationError.ts';
import { withFormFile } from './formFile.ts';
import { type Route, route } from './route.ts';
import { writeOnce } from './writeOnce.ts';

/** By the API reference of uploads. */
const lifetimeSeconds = 60 * 60;

const addPartRoute: Route = {
  method: 'POST',
  path: '/uploads/{upload_id}/parts',
  needsBeta: false,
  streamsBody: true,
  handle: async (request, { upload_id: uploadId = '' }, _url, dependencies) => {
    const { store, files } = dependencies;
    // Before the body is read, so that it need not be sent.
    const { upload } = await existingUpload(store, uploadId);
    const maxBytes = Math.min(maxPartBytes, upload.bytes);
    return withFormFile(request, dependencies, { param: 'data', maxBytes }, async (form) => {
      validated(addPartSchema, fieldsAsObject(form.fields));
      const staged = form.file.stored;
      const write = writeOnce(store, request, { data: staged.sha256 });
      const part = await staged.keep(() => write((writes) => addPart(files, writes, uploadId, staged)));
      return { json: part };
    });
  },
};

// The routes of uploads need no `OpenAI-Beta` header.
export const uploadRoutes = [
  route('POST', '/uploads', {
    needsBeta: false,
    body: createUploadSchema,
    handle: async ({ body, write }, { files }) => {
      const { bytes, filename, purpose, expires_after } = body;
      if (bytes > files.limits.upload) throw httpErrors.fileTooLarge(files.limits.upload, String(bytes));
      const now = unixSeconds();
      const upload: RestUpload = {
        id: newId('upload'),
        object: 'upload',
        bytes,
        created_at: now,
        expires_at: now + lifetimeSeconds,
        filename: checkFilename('filename', filename),
        purpose,
        status: 'pending',
        file: null,
      };
      const created = await write(async (writes) => {
        await writes.uploads.insert({ upload, expiresAfterSeconds: expires_after?.seconds });
        return upload;
      });
      return { json: created };
    },
  }),

  addPartRoute,

  route('POST', '/uploads/{upload_id}/complete', {
    needsBeta: false,
    body: completeUploadSchema,
    handle: async ({ params, body, write }, { store, files }) => ({
      json: await completeUpload(files, { store, write }, params.upload_id, body),
    }),
  }),

  route('POST', '/uploads/{upload_id}/cancel', {
    needsBeta: false,
    handle: async ({ params: { upload_id: id }, write }, { files }) => {
      const removed: string[] = [];
      const cancelled = await write(async (writes) => {
        const { upload } = await lockedUpload(writes, id);
        checkIsPending(upload);
        const ended: RestUpload = { ...upload, status: 'cancelled' };
        removed.push(...(await writes.uploads.end(ended)));
        return ended;
      });
      await files.blobs.removeUnreferenced(removed);
      return { json: cancelled };
    },
  }),
];
