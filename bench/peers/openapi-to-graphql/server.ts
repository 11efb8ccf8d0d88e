import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { createYoga } from 'graphql-yoga';
import { listen } from '../listen.ts';
import { openapiOf } from '../openapi.ts';

/** The graph that openapi-to-graphql makes of the document, served by graphql-yoga as it comes. */
// Its build for `import` does not load: it asks `debug` for an export that this has never had.
const { createGraphQLSchema } = createRequire(import.meta.url)('openapi-to-graphql');

// Its validator takes an object that stands in two places of a document for a YAML anchor, and refuses it.
const document = JSON.parse(JSON.stringify(openapiOf(process.env['UPSTREAM'] ?? '')));

// With names in camelCase, as they are by default, no link finds `thread_id` or `assistant_id` in a response.
const { schema } = await createGraphQLSchema(document, { simpleNames: true });
const yoga = createYoga({ schema });
listen(createServer((request, response) => void yoga(request, response)));
