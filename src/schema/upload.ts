import { GraphQLScalarType } from 'graphql';
import { userInputError } from '../context/errors.ts';
import { Upload } from '../rest/upload.ts';
import { builder } from './builder.ts';

const MULTIPART_SPEC = 'https://github.com/jaydenseric/graphql-multipart-request-spec';

const notUploaded = () =>
  userInputError(`An Upload must be a variable whose value is a file of a multipart request: see ${MULTIPART_SPEC}.`);

builder.addScalarType(
  'Upload',
  new GraphQLScalarType({
    name: 'Upload',
    description:
      'A file that is sent with the operation, in a request of the type `multipart/form-data`. It must be the value of a variable, or be within one. The request needs the header `GraphQL-Require-Preflight` with any value.',
    specifiedByURL: MULTIPART_SPEC,
    parseValue: (value) => {
      if (value instanceof Upload) return value;
      throw notUploaded();
    },
    parseLiteral: () => {
      throw notUploaded();
    },
    serialize: () => {
      throw new TypeError('Upload cannot represent a value of a result.');
    },
  }),
);
