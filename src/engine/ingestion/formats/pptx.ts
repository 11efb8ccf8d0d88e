import { IngestionError } from '../ingestionError.ts';
import { readZip } from './zip.ts';

const slideName = /^ppt\/(slides\/slide|notesSlides\/notesSlide)(\d+)\.xml$/u;
const relationsName = /^ppt\/slides\/_rels\/slide(\d+)\.xml\.rels$/u;

const entities: Record<string, string> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };

const characterOf = (code: number) => (code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '');

const unescaped = (text: string) =>
  text.replaceAll(
    /&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(\w{2,4}));/giu,
    (whole, hex?: string, decimal?: string, name?: string) => {
      if (hex !== undefined) return characterOf(Number.parseInt(hex, 16));
      return decimal === undefined ? (entities[name ?? ''] ?? whole) : characterOf(Number(decimal));
    },
  );

/** The text runs (`a:t`) of a slide, a line for each paragraph (`a:p`). DrawingML: ECMA-376, part 1, 21.1.2. */
const textOf = (xml: string): string => {
  let text = '';
  for (const [, run, tag] of xml.matchAll(/<a:t(?:\s[^<>]*)?>([^<]*)<\/a:t>|(<\/a:p>|<a:br\s*\/>)/gu)) {
    text += tag === undefined ? unescaped(run ?? '') : '\n';
  }
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('\n');
};

/** Number of the notes of a slide, from its relations. */
const notesOf = (relations: string | undefined) => /notesSlides\/notesSlide(\d+)\.xml/u.exec(relations ?? '')?.[1];

/** The text of a presentation, slide by slide, each with its notes. @throws {IngestionError} */
export const pptxText = async (bytes: Uint8Array): Promise<string> => {
  const parts = await readZip(bytes, (name) => slideName.test(name) || relationsName.test(name));
  const numbers = [...parts.keys()]
    .flatMap((name) => (slideName.exec(name)?.[1] === 'slides/slide' ? [Number(slideName.exec(name)?.[2])] : []))
    .toSorted((one, other) => one - other);
  if (numbers.length === 0) throw new IngestionError('invalid_file', 'The file is not a valid presentation (pptx).');
  return numbers
    .map((number) => {
      const notes = notesOf(parts.get(`ppt/slides/_rels/slide${number}.xml.rels`)?.toString('utf8'));
      const slide = parts.get(`ppt/slides/slide${number}.xml`);
      const noted = notes === undefined ? undefined : parts.get(`ppt/notesSlides/notesSlide${notes}.xml`);
      return [slide, noted].map((part) => textOf(part?.toString('utf8') ?? '')).join('\n');
    })
    .map((text) => text.trim())
    .filter((text) => text !== '')
    .join('\n\n');
};
