import { expect, test } from 'vitest';
import { MAX_FILE_TOKENS } from '../../src/engine/ingestion/limits.ts';
import { chunkKey } from '../../src/engine/search/chunkKey.ts';
import { textChunks } from '../../src/engine/ingestion/textChunks.ts';
import { fileText } from '../../src/engine/ingestion/fileText.ts';
import { docxOf, pdfOf, pptxOf, zipOf } from './documents.ts';

const html = `<html><head><style>p { color: red }</style><script>alert(1)</script></head>
  <body><h1>The title</h1><p>One <a href="https://example.com/">link</a> &amp; more.</p><ul><li>item</li></ul></body></html>`;

test.each([
  ['txt', Buffer.from('Grüße'), 'Grüße'],
  ['md', Buffer.from('# Title\n\ntext'), '# Title\n\ntext'],
  ['json', Buffer.from('{"a": 1}'), '{"a": 1}'],
  ['csv', Buffer.from('a,b\n1,2'), 'a,b\n1,2'],
  ['ts', Buffer.from('const a = 1;'), 'const a = 1;'],
  ['html', Buffer.from(html), 'The title\n\nOne link & more.\n\n * item'],
  ['pdf', pdfOf('First page', 'Second page'), 'First page\n\nSecond page'],
  ['docx', docxOf('One &amp; two', 'Three'), 'One & two\n\nThree\n\n'],
  ['pptx', pptxOf([['Title', 'A &lt; B'], ['Last slide']], 'Say hello'), 'Title\nA < B\nSay hello\n\nLast slide'],
  ['txt', Buffer.from('\ufeffAB', 'utf16le'), 'AB'],
])('the text of a file with the extension %s is what a reader sees', async (extension, bytes, text) => {
  expect(await fileText(`file.${extension}`, new Uint8Array(bytes))).toBe(text);
});

test('the slides of a presentation are in the order of their numbers', async () => {
  const slides = Array.from({ length: 11 }, (_, index) => [`Slide ${index + 1}`]);
  const text = await fileText('a.pptx', new Uint8Array(pptxOf(slides, '')));
  expect(text.split('\n\n')).toEqual(slides.flat());
});

const bomb = zipOf({ 'word/document.xml': Buffer.alloc(64 * 1024 * 1024, ' ') });

test.each([
  ['a PDF file that is none', 'a.pdf', Buffer.from('%PDF-1.4 or not'), 'invalid_file', 'not a valid PDF'],
  ['a Word document that is no archive', 'a.docx', Buffer.from('text'), 'invalid_file', 'damaged'],
  ['an archive that is no Word document', 'a.docx', zipOf({ 'a.xml': '<a/>' }), 'invalid_file', 'not a valid Word'],
  [
    'an archive that is no presentation',
    'a.pptx',
    zipOf({ 'a.xml': '<a/>' }),
    'invalid_file',
    'not a valid presentation',
  ],
  ['an archive that is cut', 'a.pptx', pptxOf([['a']], '').subarray(0, 100), 'invalid_file', 'damaged'],
  ['an archive that grows to gigabytes', 'a.docx', bomb, 'invalid_file', 'too large'],
  ['an image', 'a.png', Buffer.from('\x89PNG\r\n\x1a\n\0', 'latin1'), 'unsupported_file', 'not supported'],
  ['a file without text', 'a.txt', Buffer.from(' \n'), 'invalid_file', 'no text'],
])('%s is rejected with a reason', async (_title, name, bytes, code, reason) => {
  const error: unknown = await fileText(name, new Uint8Array(bytes)).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ name: 'IngestionError', code, message: expect.stringContaining(reason) });
});

test('an archive is never decompressed beyond the limit, whatever size it states', async () => {
  const lying = Buffer.from(bomb);
  const directory = lying.indexOf('PK\x01\x02', 0, 'latin1');
  lying.writeUInt32LE(10, directory + 24);
  await expect(fileText('a.docx', new Uint8Array(lying))).rejects.toThrow('too large');
});

const words = (count: number) => Array.from({ length: count }, (_, index) => `word${index}`).join(' ');

test.each([
  ['prose', words(5000)],
  ['one word', 'x'.repeat(50_000)],
  ['characters without spaces', '漢字'.repeat(5000)],
  ['emoji', '👩‍👩‍👧‍👦'.repeat(1000)],
  ['empty lines', '\n\n\n'.repeat(3000)],
  ['little', 'a'],
])('the chunks of %s are the whole text but for their overlaps, and no chunk is too large', (_title, text) => {
  const chunks = [...textChunks(text, { maxTokens: 100, overlapTokens: 50 })];
  expect(chunks.map((chunk) => chunk.text.slice(chunk.overlap)).join('')).toBe(text);
  // An estimated token has at most 16 units: a piece of 96 units counts as 16 tokens of 6 letters.
  expect(Math.max(...chunks.map((chunk) => chunk.text.trim().length))).toBeLessThanOrEqual(100 * 16);
});

test('chunks end between paragraphs where they can', () => {
  const paragraphs = Array.from({ length: 40 }, () => `${words(12)}.`).join('\n\n');
  const chunks = [...textChunks(paragraphs, { maxTokens: 200, overlapTokens: 0 })];
  expect(chunks.slice(0, -1).every(({ text }) => text.endsWith('.\n\n'))).toBe(true);
});

test('a text of more than five million tokens is rejected', () => {
  expect(() => [...textChunks('a '.repeat(5_000_001), { maxTokens: 800, overlapTokens: 400 })]).toThrow(
    '5000000 tokens',
  );
});

test('of the text that has the most chunks, none has the key of a chunk of another file', () => {
  // A chunk ends after three lines of 26 tokens, and the next one repeats 50 of them.
  const [sizes, tokens] = [{ maxTokens: 100, overlapTokens: 50 }, 260_000];
  const text = `${'a '.repeat(25)}\n`.repeat(tokens / 26);
  const { length } = [...textChunks(text, sizes)];
  expect(length).toBeGreaterThan(tokens / 27);
  expect(chunkKey(1, (length * MAX_FILE_TOKENS) / tokens)).toBeLessThan(chunkKey(2, 0));
});
