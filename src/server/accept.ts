/** What an answer in JSON is sent as, by a media type or a range of them. */
const jsonTypes = new Map([
  ['*/*', 'application/json'],
  ['application/*', 'application/json'],
  ['application/json', 'application/json'],
  ['application/graphql-response+json', 'application/graphql-response+json'],
]);

/**
 * The media type of an answer that is no stream, by the header `accept`: as graphql-yoga chooses it, the first of those listed
 * that is one for JSON, whatever their `q`. Undefined where none is.
 */
export const jsonTypeIn = (accept = '*/*'): string | undefined => {
  const known = jsonTypes.get(accept);
  if (known !== undefined) return known;
  for (const listed of accept.toLowerCase().replaceAll(/\s/g, '').split(',')) {
    const [range = '', ...parameters] = listed.split(';');
    const isUtf8 = parameters.every((one) => !one.startsWith('charset=') || one === 'charset=utf-8');
    const jsonType = isUtf8 ? jsonTypes.get(range) : undefined;
    if (jsonType !== undefined) return jsonType;
  }
  return undefined;
};
