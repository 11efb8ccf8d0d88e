import { openEngine } from '../../src/engine/engine.ts';
import { docxOf, pdfOf, pptxOf } from '../../test/engine/documents.ts';
import { shuffledTexts } from './collection.ts';
import { filledStore } from './store.ts';

const DOCUMENTS = 50;
const PAGES = 20;
/** Characters of a page, and of a line of it. */
const PAGE = 3000;
const LINE = 90;

export interface FormatCost {
  pagesPerSecond: number;
  /** Processor time of all threads for each page: upload, text, chunks and index. */
  cpuMsPerPage: number;
}

const wrapped = (text: string): string[] => text.match(new RegExp(`.{1,${LINE}}(?:\\s|$)|\\S+`, 'gu')) ?? [];
const escaped = (text: string) =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll(/\p{Cc}/gu, ' ');

/** A document of these pages, each a text of lines. */
const documentOf: Record<string, (pages: readonly string[]) => BlobPart> = {
  md: (pages) => pages.join('\n\n'),
  pdf: (pages) => pdfOf(...pages.map((page) => page.split('\n').flatMap(wrapped).join('\n'))),
  docx: (pages) => docxOf(...pages.flatMap((page) => page.split('\n')).map(escaped)),
  pptx: (pages) =>
    pptxOf(
      pages.map((page) => page.split('\n').map(escaped)),
      '',
    ),
};

/** What it costs to index documents of 20 pages, by their formats. Their text is the same. */
export const measureFormats = async (): Promise<Record<string, FormatCost>> => {
  const measured: Record<string, FormatCost> = {};
  for (const [format, write] of Object.entries(documentOf)) {
    const engine = await openEngine({ dataPath: ':memory:' });
    const nextPage = shuffledTexts(PAGE);
    const contents = Array.from({ length: DOCUMENTS }, (_, index) => {
      const content = write(Array.from({ length: PAGES }, nextPage));
      return [`${index}.${format}`, content] as const;
    });
    await filledStore(engine, contents.slice(0, 1)); // Loads the library.
    const [started, cpu] = [performance.now(), process.cpuUsage()];
    await filledStore(engine, contents);
    const { user, system } = process.cpuUsage(cpu);
    const seconds = (performance.now() - started) / 1000;
    const pages = DOCUMENTS * PAGES;
    measured[format] = { pagesPerSecond: pages / seconds, cpuMsPerPage: (user + system) / 1000 / pages };
    await engine.close();
  }
  return measured;
};
