/** A text as PostgreSQL can store it. It has no NUL, which becomes the replacement character, as half of a surrogate pair does. */
export const storableText = (text: string): string => (text.includes('\0') ? text.replaceAll('\0', '\u{fffd}') : text);
