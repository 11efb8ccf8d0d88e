import { GraphQLScalarType, valueFromASTUntyped } from 'graphql';
import { isoTime, writeIsoTime } from '../resolvers/isoTime.ts';
import { metadataOf } from '../resolvers/metadata.ts';
import { builder } from './builder.ts';

builder.addScalarType(
  'DateTime',
  new GraphQLScalarType<never, string>({
    name: 'DateTime',
    description: 'A moment in UTC, as ISO 8601 such as `2026-08-26T09:30:00.000Z`. Exact to the second.',
    specifiedByURL: 'https://scalars.graphql.org/andimarek/date-time.html',
    extensions: { writeUsual: writeIsoTime },
    serialize: (seconds) => {
      const moment = typeof seconds === 'number' ? isoTime(seconds) : undefined;
      if (moment !== undefined) return moment;
      throw new TypeError(`DateTime cannot represent what is no time in Unix seconds: ${JSON.stringify(seconds)}`);
    },
  }),
);

builder.addScalarType(
  'JSON',
  new GraphQLScalarType({
    name: 'JSON',
    description: 'Any JSON value, handed on as it is.',
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
      'Your own notes on an object, as a map of strings: up to 16 pairs, keys of up to 64 characters, values of up to 512.',
    parseValue: metadataOf,
    parseLiteral: (node, variables) => metadataOf(valueFromASTUntyped(node, variables)),
  }),
);
