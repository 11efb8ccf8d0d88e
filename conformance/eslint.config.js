import { fileURLToPath } from 'node:url';
import * as graphql from '@graphql-eslint/eslint-plugin';

const schema = fileURLToPath(new URL('../schema.graphql', import.meta.url));

/** What graphql-eslint recommends for a schema, and its rules for Relay; each that is set otherwise says why. */
export default [
  {
    files: ['schema.graphql'],
    languageOptions: { parser: graphql.parser, parserOptions: { graphQLConfig: { schema } } },
    plugins: { '@graphql-eslint': graphql },
    rules: {
      ...graphql.configs['flat/schema-recommended'].rules,
      ...graphql.configs['flat/schema-relay'].rules,
      // The REST id has the name of the REST path parameter on every type, `Thread.threadId` as well as `Run.threadId`, so
      // that it is never mistaken for the global `id`.
      '@graphql-eslint/no-typename-prefix': 'off',
      // Lists that REST sends whole, such as an assistant's tools, are plain lists. A connection would be one without pages.
      '@graphql-eslint/relay-edge-types': [
        'error',
        { withEdgeSuffix: true, shouldImplementNode: true, listTypeCanWrapOnlyEdgeType: false },
      ],
      // What can be fetched again implements Node and so has an `id`; everything else is a part of such an object.
      '@graphql-eslint/strict-id-in-types': 'off',
    },
  },
];
