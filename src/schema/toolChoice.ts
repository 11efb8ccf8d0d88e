import type { ToolChoiceInput } from '../resolvers/toolInput.ts';
import type { Received } from '../rest/received.ts';
import type { RestNamedToolChoice, RestToolChoice, RestToolChoiceMode } from '../wire/tool.ts';
import { builder } from './builder.ts';
import { unknownValue } from './openEnum.ts';
import { openUnion } from './openUnion.ts';

export const ToolChoice = openUnion<Received<RestToolChoice>>(
  'ToolChoice',
  'Whether the model may, must or must not use tools, and which.',
  {
    none: 'ToolChoiceByMode',
    auto: 'ToolChoiceByMode',
    required: 'ToolChoiceByMode',
    function: 'AssistantsNamedToolChoice',
    code_interpreter: 'AssistantsNamedToolChoice',
    file_search: 'AssistantsNamedToolChoice',
  },
);

const ToolChoiceMode = builder.enumType('ToolChoiceMode', {
  description: 'How freely the model chooses its tools.',
  values: {
    NONE: { value: 'none', description: 'It uses no tool.' },
    AUTO: { value: 'auto', description: 'It decides for itself.' },
    REQUIRED: { value: 'required', description: 'It must use at least one tool before it answers.' },
    ...unknownValue,
  } as const,
});

builder.objectRef<RestToolChoiceMode>('ToolChoiceByMode').implement({
  description: 'Leaves it to the model which tools it uses.',
  interfaces: [ToolChoice],
  fields: (t) => ({
    mode: t.field({
      type: ToolChoiceMode,
      nullable: false,
      description: 'How freely it chooses.',
      resolve: (mode) => mode,
    }),
  }),
});

const NamedFunction = builder
  .objectRef<NonNullable<Received<RestNamedToolChoice>['function']>>('ToolChoiceFunction')
  .implement({
    description: 'A function, by its name alone.',
    fields: (t) => ({
      name: t.exposeString('name', { nullable: true, description: 'The name that its tool gives it.' }),
    }),
  });

builder.objectRef<Received<RestNamedToolChoice>>('AssistantsNamedToolChoice').implement({
  description: 'Makes the model use one certain tool.',
  interfaces: [ToolChoice],
  fields: (t) => ({
    function: t.expose('function', {
      type: NamedFunction,
      nullable: true,
      description: 'The function that it must call. Null where `type` names another tool.',
    }),
  }),
});

const ToolChoiceTool = builder.enumType('ToolChoiceTool', {
  description: 'The tools that are chosen by their type alone.',
  values: {
    CODE_INTERPRETER: { value: 'code_interpreter', description: 'The code interpreter.' },
    FILE_SEARCH: { value: 'file_search', description: 'File search.' },
  } as const,
});

export const ToolChoiceInputType = builder.inputRef<ToolChoiceInput>('ToolChoiceInput').implement({
  description: 'Whether the model may, must or must not use tools, and which. Exactly one member.',
  isOneOf: true,
  fields: (t) => ({
    mode: t.field({ type: ToolChoiceMode, description: 'Leaves it to the model which tools it uses.' }),
    tool: t.field({ type: ToolChoiceTool, description: 'Makes it use this tool.' }),
    function: t.string({ description: 'Makes it call the function of this name.' }),
  }),
});
