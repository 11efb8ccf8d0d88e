import { pure } from '../execution/purity.ts';
import { allFiles, contentPathOf, fileById } from '../resolvers/file.ts';
import { encodeGlobalId } from '../resolvers/globalId.ts';
import type { Received } from '../rest/received.ts';
import type { RestFile } from '../wire/file.ts';
import { builder, fromIds } from './builder.ts';
import { FilePurpose, FileStatus } from './filePurpose.ts';
import { Node } from './node.ts';
import { restField } from './restField.ts';
import { orderArg } from './sortOrder.ts';

export const File = builder.objectRef<Received<RestFile>>('File').implement({
  description: 'A file: uploaded for assistants and messages, or created by a run.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({
      ...fromIds,
      nullable: false,
      description: 'The global ID. The REST API uses `fileId`.',
      resolve: pure(({ id }) => encodeGlobalId('File', id)),
    }),
    fileId: t.exposeID('id', { ...fromIds, nullable: false, description: 'REST ID of the file.' }),
    object: t.string({
      nullable: false,
      description: 'The object type in the REST API, always `file`.',
      resolve: pure(() => 'file'),
    }),
    createdAt: t.expose('created_at', { type: 'DateTime', nullable: true, description: 'When the file was created.' }),
    expiresAt: t.expose('expires_at', {
      type: 'DateTime',
      nullable: true,
      description: 'When the file is deleted automatically. Null if it is not.',
    }),
    filename: t.exposeString('filename', { nullable: true, description: 'The name of the file.' }),
    bytes: t.exposeFloat('bytes', {
      nullable: true,
      description: 'The size of the content, in bytes. A whole number that can exceed 32 bits.',
    }),
    purpose: t.expose('purpose', { type: FilePurpose, nullable: true, description: 'What the file is for.' }),
    status: t.expose('status', {
      type: FileStatus,
      nullable: true,
      description: 'The status of the file. Null if the server does not return one. The REST API has deprecated it.',
    }),
    contentUrl: t.string({
      ...fromIds,
      nullable: false,
      description:
        'Where the content can be downloaded from this server with the same credentials: a path such as `/v1/files/file-1/content`, to be resolved against the URL of the graph.',
      resolve: pure(({ id }) => contentPathOf(id)),
    }),
    statusDetails: t.exposeString('status_details', {
      nullable: true,
      description: 'Why the file failed validation. Null if it did not. The REST API has deprecated it.',
    }),
  }),
});

export const FileEdge = builder.edgeObject({
  type: File,
  name: 'FileEdge',
  description: 'An edge in a list of files.',
});

const FileConnection = builder.connectionObject(
  { type: File, name: 'FileConnection', description: 'A page of files.' },
  FileEdge,
);

builder.queryFields((t) => ({
  file: t.field({
    type: File,
    ...restField({ description: 'Look up a file. Null if it does not exist.', operation: 'GET /files/{file_id}' }),
    args: { fileId: t.arg.id({ required: true, description: 'REST ID of the file.' }) },
    resolve: (_, { fileId }, context, info) => fileById(fileId, context, info),
  }),
  files: t.connection(
    {
      type: File,
      ...restField({ description: 'A list of files, newest first by default.', operation: 'GET /files' }),
      args: {
        ...orderArg,
        purpose: t.arg({ type: FilePurpose, description: 'Returns only files with this purpose.' }),
      },
      resolve: (_, args, context, info) => allFiles(args, context, info),
    },
    FileConnection,
    FileEdge,
  ),
}));
