import type { ChatDelta } from './delta.ts';

/** A delta that is a piece of a longer text. */
export type TextDelta = Extract<ChatDelta, { type: 'text' | 'refusal' | 'arguments' | 'code' }>;

/** The piece of text. */
export const textOf = (delta: TextDelta): string => {
  switch (delta.type) {
    case 'text':
      return delta.text;
    case 'refusal':
      return delta.refusal;
    case 'arguments':
      return delta.arguments;
    default:
      return delta.code;
  }
};

/** The same delta with another piece of text. */
export const withText = (delta: TextDelta, text: string): TextDelta => {
  switch (delta.type) {
    case 'text':
      return { ...delta, text };
    case 'refusal':
      return { ...delta, refusal: text };
    case 'arguments':
      return { ...delta, arguments: text };
    default:
      return { ...delta, code: text };
  }
};

export const isText = (delta: ChatDelta): delta is TextDelta =>
  delta.type === 'text' || delta.type === 'refusal' || delta.type === 'arguments' || delta.type === 'code';

/** Which text of the completion the delta is a piece of. */
export const channelOf = (delta: TextDelta) => ('index' in delta ? `${delta.type} ${delta.index}` : delta.type);

/** Both as one delta. Undefined if they are not pieces of the same text, the second one next to the first. */
export const joinedDelta = (first: ChatDelta, second: ChatDelta): TextDelta | undefined =>
  isText(first) && isText(second) && channelOf(first) === channelOf(second)
    ? withText(first, textOf(first) + textOf(second))
    : undefined;
