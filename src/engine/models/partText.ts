import type { ChatPart } from './model.ts';

/** A part of a message in words: of an image, that there is one. */
export const partText = (part: ChatPart): string => {
  if (part.type === 'text') return part.text;
  return part.type === 'image_url' ? `(an image at ${part.url})` : `(an image, ${part.mediaType})`;
};
