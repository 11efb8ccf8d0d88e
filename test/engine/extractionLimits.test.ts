import { expect, test } from 'vitest';
import type { ExtractionLimits } from '../../src/engine/ingestion/limits.ts';
import {
  deepDocx,
  deepHtml,
  docxBomb,
  pdfBomb,
  pdfOfFalsePages,
  pdfOfNestedForms,
  pptxOfOpenTags,
  unclosedHtml,
} from './hostileDocuments.ts';
import { textFile } from './filesWorld.ts';
import { startWithFiles } from './vectorStoresWorld.ts';

/** Enough memory that time runs out first, and the other way round. */
const littleTime: ExtractionLimits = { milliseconds: 1500, megabytes: 768 };
const littleMemory: ExtractionLimits = { milliseconds: 120_000, megabytes: 64 };

const late = 'The text of the file could not be extracted within 1.5 seconds.';
const large = 'The text of the file needs more than 64 MB of memory.';

test.each<[string, string, () => Buffer<ArrayBuffer>, ExtractionLimits, string]>([
  [
    'a Word document that grows beyond all limits',
    'a.docx',
    docxBomb,
    littleMemory,
    'The file is too large: word/document.xml would have more than 33554432 bytes once decompressed.',
  ],
  ['a Word document with elements deeply within each other', 'a.docx', deepDocx, littleTime, late],
  ['a PDF file of forms that show each other', 'a.pdf', pdfOfNestedForms, littleTime, late],
  ['a PDF file whose page grows to gigabytes', 'a.pdf', pdfBomb, littleMemory, large],
  [
    'a PDF file that claims a million pages',
    'a.pdf',
    pdfOfFalsePages,
    littleMemory,
    'Page 2 of the PDF file cannot be read.',
  ],
  [
    'a presentation of tags that do not end',
    'a.pptx',
    pptxOfOpenTags,
    littleMemory,
    'The file has no text that could be searched.',
  ],
  ['a page with a million elements within each other', 'a.html', deepHtml, littleMemory, large],
  ['a page of elements that do not end', 'a.html', unclosedHtml, littleTime, late],
])(
  '%s is not indexed and says why, and the next file is indexed',
  async (_, name, content, extractionLimits, message) => {
    const { sdk, storeId, search } = await startWithFiles({}, { extractionLimits });
    const bytes = content();
    const before = process.memoryUsage().rss;
    let most = before;
    const sampling = setInterval(() => {
      most = Math.max(most, process.memoryUsage().rss);
    }, 20);
    const files = [new File([bytes], name), textFile('The heron stands in the water.')];
    const settings = { maxConcurrency: 1, pollInterval: 50 };
    const batch = await sdk.vectorStores.fileBatches.uploadAndPoll(storeId, { files }, settings);
    clearInterval(sampling);
    const { data } = await sdk.vectorStores.files.list(storeId, { filter: 'failed' });
    expect(data.map(({ last_error: error }) => error)).toEqual([{ code: 'invalid_file', message }]);
    expect(batch.file_counts).toMatchObject({ failed: 1, completed: 1, total: 2 });
    expect(await search('heron')).toEqual(['notes.txt']);
    expect(most - before).toBeLessThan(512 * 1024 * 1024);
  },
  120_000,
);
