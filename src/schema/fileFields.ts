import { fileOf } from '../resolvers/file.ts';
import type { ObjectFields } from './builder.ts';
import { File } from './file.ts';
import { edgeTo } from './restField.ts';

/** The fields `fileId` and `file` of an object that refers to a file. `file` is what that is called, such as `cited file`. */
export const fileFields = (t: ObjectFields<{ file_id?: string | null | undefined }>, file = 'file') => ({
  fileId: t.exposeID('file_id', { nullable: true, description: `ID of the ${file}.` }),
  file: t.field({
    type: File,
    ...edgeTo(`The ${file}.`, { absentIf: 'there is no `fileId`' }),
    resolve: (reference, _, context, info) => fileOf(reference, context, info),
  }),
});
