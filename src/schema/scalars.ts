import { GraphQLScalarType, valueFromASTUntyped } from 'graphql';
import { isoTime, millisecondsIn, writeIsoTime } from '../resolvers/isoTime.ts';
import { metadataOf } from '../resolvers/metadata.ts';
import { builder } from './builder.ts';

builder.addScalarType(
  'DateTime',
  new GraphQLScalarType<number, string>({
    name: 'DateTime',
    description:
      'A date and time in UTC, as ISO 8601 such as `2026-08-26T09:30:00.000Z`. The REST API gives times in whole seconds. Some compatible servers send milliseconds: numbers of 100,000,000,000 and more are read as milliseconds. As input, any time with a time zone, such as `2026-08-26T11:30:00+02:00`.',
    specifiedByURL: 'https://scalars.graphql.org/andimarek/date-time.html',
    extensions: { writeUsual: writeIsoTime },
    parseValue: millisecondsIn,
    serialize: (time) => {
      const text = typeof time === 'number' ? isoTime(time) : undefined;
      if (text !== undefined) return text;
      throw new TypeError(`DateTime cannot represent a value that is not a Unix time: ${JSON.stringify(time)}`);
    },
  }),
);

const DECIMAL = /^\d+(\.\d+)?$/;

builder.addScalarType(
  'Decimal',
  new GraphQLScalarType<never, string>({
    name: 'Decimal',
    description:
      'A decimal number as a string of digits with an optional fraction, such as `0.00325`. Never in exponent notation. Add and multiply it with a decimal library: binary floating point cannot represent it exactly.',
    serialize: (text) => {
      if (typeof text === 'string' && DECIMAL.test(text)) return text;
      throw new TypeError(`Decimal cannot represent a value that is not decimal text: ${JSON.stringify(text)}`);
    },
  }),
);

builder.addScalarType(
  'JSON',
  new GraphQLScalarType({
    name: 'JSON',
    description: 'Any JSON value, passed on unchanged.',
    specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc8259',
    parseValue: (value) => value,
    parseLiteral: (node, variables) => valueFromASTUntyped(node, variables),
  }),
);

builder.addScalarType(
  'Metadata',
  new GraphQLScalarType({
    name: 'Metadata',
    description:
      'Custom key-value pairs: a map of strings with up to 16 pairs. Keys have up to 64 characters, values up to 512. A value cannot be null.',
    parseValue: metadataOf,
    parseLiteral: (node, variables) => metadataOf(valueFromASTUntyped(node, variables)),
  }),
);
