import type { ToolChoiceInput } from '../resolvers/toolInput.ts';
import type { Received } from '../rest/received.ts';
import type { RestNamedToolChoice, RestToolChoice, RestToolChoiceMode } from '../wire/tool.ts';
import { builder } from './builder.ts';
import { unknownValue } from './openEnum.ts';
import { openUnion } from './openUnion.ts';

export const ToolChoice = openUnion<Received<RestToolChoice>>('ToolChoice', 'Which tools the model can or must use.', {
  none: 'ToolChoiceByMode',
  auto: 'ToolChoiceByMode',
  required: 'ToolChoiceByMode',
  function: 'AssistantsNamedToolChoice',
  code_interpreter: 'AssistantsNamedToolChoice',
  file_search: 'AssistantsNamedToolChoice',
});

const ToolChoiceMode = builder.enumType('ToolChoiceMode', {
  description: 'How the model chooses tools.',
  values: {
    NONE: { value: 'none', description: 'The model does not call tools.' },
    AUTO: { value: 'auto', description: 'The model decides whether to call tools.' },
    REQUIRED: { value: 'required', description: 'The model must call at least one tool before it responds.' },
    ...unknownValue,
  } as const,
});

builder.objectRef<RestToolChoiceMode>('ToolChoiceByMode').implement({
  description: 'A mode, which leaves the choice of tools to the model.',
  interfaces: [ToolChoice],
  fields: (t) => ({
    mode: t.field({
      type: ToolChoiceMode,
      nullable: false,
      description: 'The mode.',
      resolve: (mode) => mode,
    }),
  }),
});

const NamedFunction = builder
  .objectRef<NonNullable<Received<RestNamedToolChoice>['function']>>('ToolChoiceFunction')
  .implement({
    description: 'The name of a function that the model must call.',
    fields: (t) => ({
      name: t.exposeString('name', { nullable: true, description: 'The name of the function.' }),
    }),
  });

builder.objectRef<Received<RestNamedToolChoice>>('AssistantsNamedToolChoice').implement({
  description: 'A specific tool that the model must use.',
  interfaces: [ToolChoice],
  fields: (t) => ({
    function: t.expose('function', {
      type: NamedFunction,
      nullable: true,
      description: 'The function that the model must call. Null unless `type` is `function`.',
    }),
  }),
});

const ToolChoiceTool = builder.enumType('ToolChoiceTool', {
  description: 'A tool that is identified by its type.',
  values: {
    CODE_INTERPRETER: { value: 'code_interpreter', description: 'The code interpreter.' },
    FILE_SEARCH: { value: 'file_search', description: 'File search.' },
  } as const,
});

export const ToolChoiceInputType = builder.inputRef<ToolChoiceInput>('ToolChoiceInput').implement({
  description: 'Which tools the model can or must use. Set exactly one field, and not to null.',
  isOneOf: true,
  fields: (t) => ({
    mode: t.field({ type: ToolChoiceMode, description: 'A mode, which leaves the choice of tools to the model.' }),
    tool: t.field({ type: ToolChoiceTool, description: 'A tool that the model must use.' }),
    function: t.string({ description: 'The name of a function that the model must call.' }),
  }),
});
