import type { RestResponseFormat } from '../../../wire/tool.ts';

/** Asks in words for the format that an endpoint does not take as a parameter; undefined if any text will do. */
export const jsonInstruction = (format: RestResponseFormat): string | undefined => {
  if (format === 'auto' || format.type === 'text') return undefined;
  const only = 'Respond with one JSON object, and nothing before or after it.';
  if (format.type === 'json_object') return only;
  return `${only} It must be valid under this JSON Schema: ${JSON.stringify(format.json_schema.schema ?? {})}`;
};
