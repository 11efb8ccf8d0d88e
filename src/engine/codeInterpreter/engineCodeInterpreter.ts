import { basename, extname } from 'node:path';
import type { RestCodeInterpreterOutput } from '../../wire/runStep.ts';
import { createFile } from '../files/createFile.ts';
import type { FileDependencies } from '../files/fileDependencies.ts';
import { HttpError } from '../httpErrors.ts';
import type { Citation } from '../store/access/engineCalls.ts';
import { codeIn } from '../tools/codeArgument.ts';
import type {
  EngineTool,
  EngineToolRequest,
  EngineToolResult,
  ToolContext,
  ToolDefinition,
} from '../tools/engineTool.ts';
import { type CodeOutcome, type CodeRunner, CodeRunnerError, type InputFile } from './codeRunner.ts';
import { earlierOutputs, givenFiles, linksTo } from './sessionFiles.ts';

/** Characters of the logs that the model gets: so many of their beginning, and of their end. */
const shownToModel = 10_000;
/** Names in the description of the tool. */
const mostNames = 50;
const imageExtensions = new Set(['.png', '.jpg', '.jpeg', '.gif', '.webp']);

const description =
  'Runs Python code in a sandbox without network access and returns what it prints and the value of its last ' +
  'expression. Variables, imports and files in /mnt/data are kept between calls, but no process can be started. ' +
  'plt.show() shows a figure to the user. To give the user a file, save it in /mnt/data and link it as ' +
  'sandbox:/mnt/data/name.';

const definitionWith = (names: string[]): ToolDefinition => ({
  description: names.length === 0 ? description : `${description} Files in /mnt/data: ${names.join(', ')}.`,
  parameters: {
    type: 'object',
    properties: { code: { type: 'string', description: 'The Python code to run.' } },
    required: ['code'],
    additionalProperties: false,
  },
});

const plainResult = (logs: string): EngineToolResult => ({
  type: 'code_interpreter',
  output: logs,
  outputs: [{ type: 'logs', logs }],
});

async function* textChunks(content: Uint8Array) {
  yield await Promise.resolve(content);
}

/** What the code wrote, as files of the tenant. */
interface KeptOutputs {
  citations: Citation[];
  /** Ids of the images to show. */
  images: string[];
  /** Names of the linkable files. */
  names: string[];
  notes: string[];
}

const keepOutputs = async (
  files: FileDependencies,
  { store }: ToolContext,
  { images, files: written, notes }: CodeOutcome,
): Promise<KeptOutputs> => {
  const kept: KeptOutputs = { citations: [], images: [], names: [], notes: [...notes] };
  const keep = async (filename: string, content: Uint8Array): Promise<string | undefined> => {
    try {
      const file = { filename, purpose: 'assistants_output' as const, content: textChunks(content) };
      return (await createFile(files, store, file)).id;
    } catch (error) {
      if (!(error instanceof HttpError)) throw error;
      kept.notes.push(`The file ${filename} is not kept: ${error.message}`);
      return undefined;
    }
  };
  for (const [index, content] of images.entries()) {
    const id = await keep(`image-${index + 1}.png`, content);
    if (id !== undefined) kept.images.push(id);
  }
  for (const { name, content } of written) {
    const fileId = await keep(basename(name), content);
    if (fileId === undefined) continue;
    kept.names.push(name);
    kept.citations.push(...linksTo(name).map((text) => ({ type: 'file_path' as const, text, fileId })));
    // A figure that is saved and shown is shown once.
    if (images.length === 0 && imageExtensions.has(extname(name).toLowerCase())) kept.images.push(fileId);
  }
  return kept;
};

const shortened = (logs: string): string =>
  logs.length <= 2 * shownToModel ? logs : `${logs.slice(0, shownToModel)}\n[…]\n${logs.slice(-shownToModel)}`;

/** The parts on lines of their own. */
const lines = (...parts: string[]): string =>
  parts.reduce((text, part) => (text === '' || text.endsWith('\n') || part === '' ? text : `${text}\n`) + part, '');

const resultOf = ({ logs }: CodeOutcome, { citations, images, names, notes }: KeptOutputs): EngineToolResult => {
  const remarks = notes.map((note) => `[${note}]`);
  const shown = lines(logs, ...remarks);
  const links = names.map((name) => `Written: ${linksTo(name)[0]}`);
  const seen = images.length === 0 ? '' : `[The user sees ${images.length} image${images.length === 1 ? '' : 's'}.]`;
  const outputs: RestCodeInterpreterOutput[] = [
    ...(shown === '' ? [] : [{ type: 'logs' as const, logs: shown }]),
    ...images.map((id) => ({ type: 'image' as const, image: { file_id: id } })),
  ];
  const output = lines(shortened(logs), ...remarks, ...links, seen);
  return {
    type: 'code_interpreter',
    output: output === '' ? '[The code printed nothing.]' : output,
    outputs,
    citations,
    images,
  };
};

/** The code interpreter, with a session for each thread. A call that was left half-run is run again. */
export const engineCodeInterpreter = (runner: CodeRunner, files: FileDependencies): EngineTool => {
  const filesFor = async (request: ToolContext, isNewSession: boolean): Promise<InputFile[]> => {
    const given = await givenFiles(files.blobs, request);
    if (!isNewSession) return given;
    const outputs = await earlierOutputs(files.blobs, request);
    const names = new Set(outputs.map(({ name }) => name));
    return [...given.filter(({ name }) => !names.has(name)), ...outputs];
  };

  const run = async (request: EngineToolRequest, code: string, signal: AbortSignal): Promise<EngineToolResult> => {
    const earlierCalls = await request.store.engineCalls.ofRun(request.run.id);
    const outcome = await runner.run(
      { sessionId: request.run.thread_id, code, files: (isNewSession) => filesFor(request, isNewSession) },
      signal,
    );
    const kept = await keepOutputs(files, request, outcome);
    if (outcome.isNewSession && earlierCalls.some(({ output }) => output !== null)) {
      kept.notes.push('The interpreter had to be started again: variables of earlier calls are gone.');
    }
    return resultOf(outcome, kept);
  };

  return {
    type: 'code_interpreter',
    definitionFor: async (context) => {
      const given = await givenFiles(files.blobs, context);
      return definitionWith(given.slice(0, mostNames).map(({ name }) => name));
    },
    call: async (request, signal) => {
      const code = codeIn(request.arguments);
      if (code === undefined) return plainResult('The arguments must be JSON with Python code in the member "code".');
      if (runner.problem !== undefined) return plainResult(`The code interpreter is off: ${runner.problem}`);
      try {
        return await run(request, code, signal);
      } catch (error) {
        if (!(error instanceof CodeRunnerError)) throw error;
        return plainResult(`The code could not be run: ${error.message}`);
      }
    },
    close: () => runner.close(),
  };
};
