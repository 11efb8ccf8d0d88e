import type { ChatPart } from '../model.ts';

/** The URL of an image; for bytes a `data:` URL, which holds them. */
export const imageUrlOf = (part: Exclude<ChatPart, { type: 'text' }>): string =>
  part.type === 'image_url'
    ? part.url
    : `data:${part.mediaType};base64,${Buffer.from(part.bytes.buffer, part.bytes.byteOffset, part.bytes.length).toString('base64')}`;
