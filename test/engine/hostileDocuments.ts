import { constants, deflateRawSync } from 'node:zlib';
import { pdfCatalog, pdfFont, pdfOfObjects, pdfStream, zipOf } from './documents.ts';

const bytesPerMb = 1024 * 1024;

/** A Word document whose text is larger than all parts of one may be. */
export const docxBomb = () => zipOf({ 'word/document.xml': Buffer.alloc(64 * bytesPerMb, ' ') });

/** A PDF file of one page with this object as its content, which is number 4. The font is number 3. */
const onePage = (content: string, resources: string, ...more: string[]) =>
  pdfOfObjects([
    pdfCatalog,
    '<< /Type /Pages /Kids [5 0 R] /Count 1 >>',
    pdfFont,
    content,
    `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << ${resources} >> >>`,
    ...more,
  ]);

const fonts = '/Font << /F1 3 0 R >>';
const tenTimes = '/X Do '.repeat(10);

/** A PDF file in which each of 15 forms shows the next one ten times: its text has 10^16 letters. */
export const pdfOfNestedForms = () => {
  const form = '/Type /XObject /Subtype /Form /BBox [0 0 612 792]';
  const forms = Array.from({ length: 15 }, (_, index) =>
    pdfStream(tenTimes, `${form} /Resources << /XObject << /X ${index + 7} 0 R >> >>`),
  );
  const last = pdfStream('BT /F1 12 Tf (a) Tj ET', `${form} /Resources << ${fonts} >>`);
  return onePage(pdfStream(tenTimes), '/XObject << /X 6 0 R >>', ...forms, last);
};

/** A PDF file of some MB, the content of whose page is 4 GB of spaces once it is decompressed. */
export const pdfBomb = () => {
  const settings = { level: 9, finishFlush: constants.Z_FULL_FLUSH };
  const part = deflateRawSync(Buffer.alloc(16 * bytesPerMb, ' '), settings).toString('latin1');
  const zlibHeader = '\x78\xda';
  const end = deflateRawSync('BT /F1 12 Tf (end) Tj ET').toString('latin1');
  return onePage(pdfStream(zlibHeader + part.repeat(256) + end, '/Filter /FlateDecode'), fonts);
};

/** A PDF file that claims to have a million pages, and whose first page is all of them. */
export const pdfOfFalsePages = () =>
  pdfOfObjects([
    pdfCatalog,
    '<< /Type /Pages /Kids [5 0 R 2 0 R] /Count 1000000 >>',
    pdfFont,
    pdfStream('BT /F1 12 Tf (a) Tj ET'),
    `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << ${fonts} >> >>`,
  ]);

/** A presentation with a slide of many tags that do not end. */
export const pptxOfOpenTags = () => zipOf({ 'ppt/slides/slide1.xml': '<a:t '.repeat(2_000_000) });

/** A page with many elements of which none ends, and many ends of others, each of which is looked for among all of them. */
export const unclosedHtml = () => Buffer.from('<b>'.repeat(200_000) + '</i>'.repeat(200_000));

/** A page with a million elements within each other. */
export const deepHtml = () => Buffer.from(`${'<div>'.repeat(1_000_000)}text`);

/** A Word document with many elements within each other. */
export const deepDocx = () => zipOf({ 'word/document.xml': `<w:document xmlns:w="w">${'<w:p>'.repeat(100_000)}` });
