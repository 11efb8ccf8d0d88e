import { deleteFile, uploadFile } from '../resolvers/fileWrites.ts';
import { builder } from './builder.ts';
import { clientMutation, clientMutationIdOutput, payloadOf } from './clientMutation.ts';
import { File, FileEdge } from './file.ts';
import { FileUploadPurpose } from './filePurpose.ts';
import { restField } from './restField.ts';

const FileExpiryAnchor = builder.enumType('FileExpiryAnchor', {
  description: 'The time from which the seconds until a file is deleted are counted.',
  values: { CREATED_AT: { value: 'created_at', description: 'When the file was created.' } } as const,
});

const FileExpiryInput = builder.inputType('FileExpiryInput', {
  description: 'After what time a file is deleted.',
  fields: (t) => ({
    anchor: t.field({
      type: FileExpiryAnchor,
      required: true,
      description: 'The time from which the seconds are counted.',
    }),
    seconds: t.int({ required: true, description: 'The number of seconds, from 3600 to 2,592,000: 30 days.' }),
  }),
});

builder.relayMutationField(
  'createFile',
  {
    description: 'The file to upload.',
    inputFields: (t) => ({
      file: t.field({ type: 'Upload', required: true, description: 'The content and the name of the file.' }),
      purpose: t.field({ type: FileUploadPurpose, required: true, description: 'What the file is uploaded for.' }),
      expiresAfter: t.field({
        type: FileExpiryInput,
        description: 'After what time the file is deleted. By default it is not.',
      }),
      ...clientMutation(t),
    }),
  },
  {
    ...restField({ description: 'Uploads a file.', operation: 'POST /files' }),
    resolve: (_, { input }, context) => payloadOf(input, (body) => uploadFile(body, context)),
  },
  {
    description: 'The result of uploading a file.',
    outputFields: (t) => ({
      file: t.expose('file', { type: File, nullable: false, description: 'The file.' }),
      fileEdge: t.expose('fileEdge', {
        type: FileEdge,
        nullable: false,
        description: 'The edge of the file in `files`, for adding it to a cached list.',
      }),
      clientMutationId: t.exposeString('clientMutationId', clientMutationIdOutput),
    }),
  },
);

builder.relayMutationField(
  'deleteFile',
  {
    description: 'The file to delete.',
    inputFields: (t) => ({
      fileId: t.id({ required: true, description: 'REST ID of the file.' }),
      ...clientMutation(t),
    }),
  },
  {
    ...restField({
      description: 'Deletes a file, and removes it from all vector stores.',
      operation: 'DELETE /files/{file_id}',
    }),
    resolve: (_, { input }, context) => payloadOf(input, (body) => deleteFile(body, context)),
  },
  {
    description: 'The result of the deletion.',
    outputFields: (t) => ({
      deletedFileId: t.exposeID('deletedFileId', {
        nullable: false,
        description: 'The global ID of the deleted file.',
      }),
      clientMutationId: t.exposeString('clientMutationId', clientMutationIdOutput),
    }),
  },
);
