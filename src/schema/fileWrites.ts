import { deleteFile } from '../resolvers/fileWrites.ts';
import { builder } from './builder.ts';
import { clientMutation, clientMutationIdOutput, payloadOf } from './clientMutation.ts';
import { restField } from './restField.ts';

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
