import { lexicographicSortSchema, printSchema } from 'graphql';
import { createSchema } from '../schema/index.ts';

// Sorted, so that a change of the code moves nothing but what it changes.
process.stdout.write(`${printSchema(lexicographicSortSchema(createSchema()))}\n`);
