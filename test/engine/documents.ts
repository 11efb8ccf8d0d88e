import { crc32, deflateRawSync, deflateSync } from 'node:zlib';

/** A zip archive of the parts, each compressed. */
export const zipOf = (parts: Record<string, string | Buffer>): Buffer<ArrayBuffer> => {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, content] of Object.entries(parts)) {
    const data = Buffer.from(content);
    const compressed = deflateRawSync(data);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(8, 4);
    common.writeUInt32LE(crc32(data), 10);
    common.writeUInt32LE(compressed.length, 14);
    common.writeUInt32LE(data.length, 18);
    common.writeUInt16LE(Buffer.byteLength(name), 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, Buffer.from(name), compressed]);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), common, place, Buffer.from(name)]));
    locals.push(local);
    offset += local.length;
  }
  const entries = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(directory.length, 8);
  end.writeUInt16LE(directory.length, 10);
  end.writeUInt32LE(entries.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, entries, end]);
};

const wordNamespace = 'http://schemas.openxmlformats.org/wordprocessingml/2006/main';

/** A Word document with these paragraphs. */
export const docxOf = (...paragraphs: string[]): Buffer<ArrayBuffer> =>
  zipOf({
    '[Content_Types].xml':
      '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
    '_rels/.rels':
      '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>',
    'word/document.xml': `<?xml version="1.0"?><w:document xmlns:w="${wordNamespace}"><w:body>${paragraphs
      .map((text) => `<w:p><w:r><w:t xml:space="preserve">${text}</w:t></w:r></w:p>`)
      .join('')}</w:body></w:document>`,
  });

const paragraph = (text: string) => `<a:p><a:r><a:t>${text}</a:t></a:r></a:p>`;
const slideOf = (texts: string[]) =>
  `<?xml version="1.0"?><p:sld xmlns:p="p" xmlns:a="a"><p:txBody>${texts.map(paragraph).join('')}</p:txBody></p:sld>`;

/** A presentation. Each slide has lines; the notes are those of the first. */
export const pptxOf = (slides: string[][], notes: string): Buffer<ArrayBuffer> =>
  zipOf({
    ...Object.fromEntries(slides.map((texts, index) => [`ppt/slides/slide${index + 1}.xml`, slideOf(texts)])),
    'ppt/slides/_rels/slide1.xml.rels':
      '<Relationships><Relationship Id="r1" Target="../notesSlides/notesSlide1.xml"/></Relationships>',
    'ppt/notesSlides/notesSlide1.xml': slideOf([notes]),
  });

/** An object of a PDF file with a stream of bytes, which are given as Latin-1. `entries` are those of its dictionary. */
export const pdfStream = (content: string, entries = ''): string =>
  `<< ${entries} /Length ${content.length} >>\nstream\n${content}\nendstream`;

/** A PDF file of these objects, numbered from 1, as Latin-1. The first is the catalog. */
export const pdfOfObjects = (objects: readonly string[]): Buffer<ArrayBuffer> => {
  let file = '%PDF-1.4\n';
  const offsets = objects.map((object, index) => {
    const offset = file.length;
    file += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return `${String(offset).padStart(10, '0')} 00000 n \n`;
  });
  const table = `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${offsets.join('')}`;
  const trailer = `trailer << /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${file.length}\n%%EOF`;
  return Buffer.from(file + table + trailer, 'latin1');
};

export const pdfCatalog = '<< /Type /Catalog /Pages 2 0 R >>';
export const pdfFont = '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>';

/** The operator that shows a line. Characters that are not ASCII become question marks. */
const shownLine = (line: string) => `(${line.replaceAll(/[^ -~]/gu, '?').replaceAll(/[\\()]/gu, '\\$&')}) Tj`;

/** A PDF file with these pages, whose lines are separated by line feeds. The pages are compressed. */
export const pdfOf = (...pages: string[]): Buffer<ArrayBuffer> => {
  const kids = pages.map((_, index) => `${4 + index * 2} 0 R`).join(' ');
  return pdfOfObjects([
    pdfCatalog,
    `<< /Type /Pages /Kids [${kids}] /Count ${pages.length} >>`,
    pdfFont,
    ...pages.flatMap((text, index) => {
      const lines = text.split('\n').map(shownLine).join(' T* ');
      const content = deflateSync(`BT /F1 12 Tf 14 TL 72 700 Td ${lines} ET`).toString('latin1');
      const resources = '<< /Font << /F1 3 0 R >> >>';
      return [
        `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents ${5 + index * 2} 0 R /Resources ${resources} >>`,
        pdfStream(content, '/Filter /FlateDecode'),
      ];
    }),
  ]);
};
