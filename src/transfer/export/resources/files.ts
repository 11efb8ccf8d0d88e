import type { Received } from '../../../rest/received.ts';
import { ApiError, isMissing } from '../../../rest/errors/apiError.ts';
import { NotSupportedError } from '../../../rest/errors/notSupportedError.ts';
import type { RestFile } from '../../../wire/file.ts';
import { contentLineBytes, contentLines } from '../../contentLine.ts';
import { inOrder, type Page } from '../inOrder.ts';
import { linesOf, listPages } from '../pages.ts';
import type { ExportContext, ExportedResource } from './resource.ts';

type ReceivedFile = Received<RestFile>;

/** How many files are read at a time whose content is one line. A larger one is read alone: while it waited, its server would close the connection. */
const concurrency = 8;

/** By which statuses servers say that a content cannot be downloaded: the hosted API does not return those of most purposes. */
const refusals = new Set([400, 403, 405, 501]);

const isRefused = (error: unknown): error is Error =>
  error instanceof NotSupportedError || (error instanceof ApiError && refusals.has(error.status));

/** A file, followed by its content. One that has been deleted since it was listed is left out. */
async function* fileWithContent({ rest, leaveOut }: ExportContext, file: ReceivedFile): AsyncGenerator<Page> {
  const object: Page = { name: 'files', lines: linesOf([file]) };
  try {
    const { content } = await rest.files.content(file.id);
    yield object;
    for await (const line of contentLines(file.id, content)) yield { name: undefined, lines: [line] };
  } catch (error) {
    if (isMissing(error)) leaveOut(`There is no file ${file.id} any more; it was left out.`);
    else if (isRefused(error)) {
      leaveOut(`The content of the file ${file.id} cannot be read (${error.message}); only its object was exported.`);
      yield object;
    } else throw error;
  }
}

const isSmall = ({ bytes }: ReceivedFile) => typeof bytes === 'number' && bytes <= contentLineBytes;

/** The files in their order, in groups that are read at the same time. */
function* groupsOf(files: readonly ReceivedFile[]): Generator<ReceivedFile[]> {
  let small: ReceivedFile[] = [];
  for (const file of files) {
    if (isSmall(file)) small.push(file);
    else {
      yield small;
      yield [file];
      small = [];
    }
  }
  yield small;
}

export const exportedFiles: ExportedResource = {
  name: 'files',
  object: 'file',
  isOptional: true,
  async *pages(context, after) {
    for await (const page of listPages('files', (request) => context.rest.files.list(request), after)) {
      for (const group of groupsOf(page)) {
        yield* inOrder(group, concurrency, (file) => fileWithContent(context, file));
      }
    }
  },
};
