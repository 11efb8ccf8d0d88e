import type { CallToolResult, ContentBlock } from '@modelcontextprotocol/sdk/types.js';

/** UTF-16 units of an output. */
const longestOutput = 512 * 1024;

const bytesOf = (base64: string) => Buffer.byteLength(base64, 'base64');

const described = (...words: (string | undefined)[]) => `[${words.filter((word) => word !== undefined).join(', ')}]`;

const resourceText = ({ resource }: ContentBlock & { type: 'resource' }): string => {
  const { uri, mimeType } = resource;
  if ('text' in resource) return `${described(`resource ${uri}`, mimeType)}\n${resource.text}`;
  return described(`resource ${uri}`, mimeType, `${bytesOf(resource.blob)} bytes`);
};

/** A part of a result as text: what is no text is described, since outputs of functions are texts. */
const textOf = (part: ContentBlock): string => {
  switch (part.type) {
    case 'text':
      return part.text;
    case 'resource':
      return resourceText(part);
    case 'resource_link':
      return described(`resource ${part.uri}`, part.title ?? part.name, part.mimeType, part.description);
    default:
      return described(part.type, part.mimeType, `${bytesOf(part.data)} bytes`);
  }
};

/** The output of a function in the result of a tool, one part a line. A result without content is its structured content. */
const outputOf = ({ content, structuredContent }: CallToolResult): string =>
  content.length === 0 && structuredContent !== undefined
    ? JSON.stringify(structuredContent)
    : content.map(textOf).join('\n');

/** What the model gets for the result of a tool. */
export const outputForModel = (result: CallToolResult): string => {
  const output = outputOf(result);
  if (output.length > longestOutput) return `The tool failed: its output is larger than ${longestOutput / 1024} KiB.`;
  return result.isError === true ? `The tool failed: ${output}` : output;
};
