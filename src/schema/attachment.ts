import type { AttachmentInput, AttachmentToolInput } from '../resolvers/messageWrites.ts';
import type { Received } from '../rest/received.ts';
import type { RestAttachment, RestAttachmentTool } from '../wire/message.ts';
import { builder } from './builder.ts';
import { fileFields } from './fileFields.ts';
import { openUnion } from './openUnion.ts';

export const AttachmentTool = openUnion<Received<RestAttachmentTool>>(
  'AttachmentTool',
  'A tool that an attached file is added to.',
  {
    code_interpreter: 'AssistantToolsCode',
    file_search: 'AssistantToolsFileSearch',
  },
);

export const Attachment = builder.objectRef<Received<RestAttachment>>('Attachment').implement({
  description: 'A file attached to a message.',
  fields: (t) => ({
    ...fileFields(t),
    tools: t.expose('tools', {
      type: [AttachmentTool],
      nullable: true,
      description: 'The tools that the file is added to.',
    }),
  }),
});

const AttachmentToolInputType = builder.inputRef<AttachmentToolInput>('AttachmentToolInput').implement({
  description: 'A tool to add the file to. Set exactly one field, to true.',
  isOneOf: true,
  fields: (t) => ({
    codeInterpreter: t.boolean({ description: 'The code interpreter.' }),
    fileSearch: t.boolean({ description: 'File search.' }),
  }),
});

export const AttachmentInputType = builder.inputRef<AttachmentInput>('AttachmentInput').implement({
  description: 'A file to attach to the message.',
  fields: (t) => ({
    fileId: t.id({ description: 'ID of the file.' }),
    tools: t.field({ type: [AttachmentToolInputType], description: 'The tools that the file is added to.' }),
  }),
});
