import { readFileSync, writeFileSync } from 'node:fs';

const document = new URL('../../docs/performance.md', import.meta.url);

const BEGIN = '<!-- figures: written by npm run bench -->';
const END = '<!-- end of figures -->';

/** Puts the tables into the document that explains them, between the two comments there. */
export const renewDocument = (figures: string) => {
  const text = readFileSync(document, 'utf8');
  const [begin, end] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (begin === -1 || end < begin) throw new Error(`docs/performance.md must have ${BEGIN} and after it ${END}`);
  writeFileSync(document, `${text.slice(0, begin)}${BEGIN}\n\n${figures}\n\n${text.slice(end)}`);
};
