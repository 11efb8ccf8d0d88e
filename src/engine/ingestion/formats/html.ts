import { convert } from 'html-to-text';

/** Levels of elements that are read. Deeper ones would overflow the stack. */
const MAX_DEPTH = 256;

/** The text that a page shows: no tags, scripts or styles, and of links only their text. */
export const htmlText = (html: string): string =>
  convert(html, {
    wordwrap: false,
    limits: { maxInputLength: html.length + 1, maxDepth: MAX_DEPTH },
    selectors: [
      { selector: 'a', options: { ignoreHref: true } },
      { selector: 'img', format: 'skip' },
      ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({ selector, options: { uppercase: false } })),
      { selector: 'table', format: 'dataTable', options: { uppercaseHeaderCells: false } },
    ],
  });
