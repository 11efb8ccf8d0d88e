/** The code and the message of a validation error. */
export interface ErrorText {
  code: string;
  text: string;
}

const isHighSurrogate = (unit: number) => unit >= 0xd800 && unit < 0xdc00;
const isLowSurrogate = (unit: number) => unit >= 0xdc00 && unit < 0xe000;

/** Length in characters, that is, code points: an emoji is one. Stops counting beyond `limit`. */
export const characterCount = (text: string, limit = Number.POSITIVE_INFINITY): number => {
  let count = 0;
  for (let index = 0; index < text.length && count <= limit; index += 1) {
    count += 1;
    if (isHighSurrogate(text.charCodeAt(index)) && isLowSurrogate(text.charCodeAt(index + 1))) index += 1;
  }
  return count;
};

/** The JSON type of a value as error messages name it. */
export const jsonTypeOf = (value: unknown): string => {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'an integer' : 'a decimal number';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
};

/** `'a'`, `'a' and 'b'`, `'a', 'b', and 'c'`. */
const quoted = (values: readonly unknown[]): string => {
  const names = values.map((value) => `'${String(value)}'`);
  const last = names.pop() ?? '';
  if (names.length === 0) return last;
  return names.length === 1 ? `${names.join()} and ${last}` : `${names.join(', ')}, and ${last}`;
};

export const missing = (param: string): ErrorText => ({
  code: 'missing_required_parameter',
  text: `Missing required parameter: '${param}'.`,
});

export const unknownParameter = (param: string): ErrorText => ({
  code: 'unknown_parameter',
  text: `Unknown parameter: '${param}'.`,
});

/** `expected` with its article, such as `an integer`. */
export const wrongType = (param: string, expected: string, input: unknown): ErrorText => ({
  code: 'invalid_type',
  text: `Invalid type for '${param}': expected ${expected}, but got ${jsonTypeOf(input)} instead.`,
});

export const notAmong = (values: readonly unknown[], input: unknown): ErrorText => ({
  code: 'invalid_value',
  text: `Invalid value: '${String(input)}'. Supported values are: ${quoted(values)}.`,
});

export const wrongPattern = (param: string, pattern: string): ErrorText => ({
  code: 'invalid_value',
  text: `Invalid '${param}': string does not match pattern. Expected a string that matches the pattern '${pattern}'.`,
});

type SizeText = (param: string, limit: number, input: unknown) => ErrorText;

const sizeOf = (input: unknown): number => {
  if (typeof input === 'string') return characterCount(input);
  return Array.isArray(input) ? input.length : Object.keys(Object(input)).length;
};

/** By the `origin` of the issue, as `fields.ts` sets it. */
export const tooBig: Record<string, SizeText> = {
  string: (param, limit, input) => ({
    code: 'string_above_max_length',
    text: `Invalid '${param}': string too long. Expected a string with maximum length ${limit}, but got a string with length ${sizeOf(input)} instead.`,
  }),
  array: (param, limit, input) => ({
    code: 'array_above_max_length',
    text: `Invalid '${param}': array too long. Expected an array with maximum length ${limit}, but got an array with length ${sizeOf(input)} instead.`,
  }),
  int: (param, limit, input) => ({
    code: 'integer_above_max_value',
    text: `Invalid '${param}': integer above maximum value. Expected a value <= ${limit}, but got ${String(input)} instead.`,
  }),
  decimal: (param, limit, input) => ({
    code: 'decimal_above_max_value',
    text: `Invalid '${param}': decimal above maximum value. Expected a value <= ${limit}, but got ${String(input)} instead.`,
  }),
  object: (param, limit, input) => ({
    code: 'object_above_max_properties',
    text: `Invalid '${param}': too many properties. Expected an object with at most ${limit} properties, but got an object with ${sizeOf(input)} properties instead.`,
  }),
  'property name': (param, limit, input) => ({
    code: 'property_name_above_max_length',
    text: `Invalid '${param}': property name too long. Expected a property name with maximum length ${limit}, but got a property name with length ${sizeOf(input)} instead.`,
  }),
};

/** By the `origin` of the issue. */
export const tooSmall: Record<string, SizeText> = {
  string: (param, limit) => ({
    code: 'empty_string',
    text: `Invalid '${param}': empty string. Expected a string with minimum length ${limit}, but got an empty string instead.`,
  }),
  array: (param, limit) => ({
    code: 'empty_array',
    text: `Invalid '${param}': empty array. Expected an array with minimum length ${limit}, but got an empty array instead.`,
  }),
  int: (param, limit, input) => ({
    code: 'integer_below_min_value',
    text: `Invalid '${param}': integer below minimum value. Expected a value >= ${limit}, but got ${String(input)} instead.`,
  }),
  decimal: (param, limit, input) => ({
    code: 'decimal_below_min_value',
    text: `Invalid '${param}': decimal below minimum value. Expected a value >= ${limit}, but got ${String(input)} instead.`,
  }),
};
