import { codeIn } from '../tools/codeArgument.ts';
import type { EngineTool, EngineToolResult, ToolDefinition } from '../tools/engineTool.ts';
import type { CodeRunner } from './codeRunner.ts';

const definition: ToolDefinition = {
  description:
    'Runs Python code and returns what it prints. Variables are kept between calls. There is no network access.',
  parameters: {
    type: 'object',
    properties: { code: { type: 'string', description: 'The Python code to run.' } },
    required: ['code'],
    additionalProperties: false,
  },
};

const resultOf = (logs: string): EngineToolResult => ({
  type: 'code_interpreter',
  output: logs === '' ? '(The code printed nothing.)' : logs,
  outputs: logs === '' ? [] : [{ type: 'logs', logs }],
});

/** The code interpreter, with a session for each thread. */
export const engineCodeInterpreter = (runner: CodeRunner): EngineTool => ({
  type: 'code_interpreter',
  definitionFor: () => Promise.resolve(definition),
  call: async ({ arguments: written, run }, signal) => {
    const code = codeIn(written);
    if (code === undefined) return resultOf('The arguments must be JSON with the Python code in the member "code".');
    const { logs } = await runner.run({ sessionId: run.thread_id, code }, signal);
    return resultOf(logs);
  },
  close: () => runner.close(),
});
