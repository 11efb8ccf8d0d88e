import { oracle } from '../oracle/subject.ts';
import { apolloServer } from '../peers/apollo/subject.ts';
import { mercurius } from '../peers/mercurius/subject.ts';
import { mesh } from '../peers/mesh/subject.ts';
import { openapiToGraphql } from '../peers/openapi-to-graphql/subject.ts';
import { yoga } from '../peers/yoga/subject.ts';
import { assistantsGraphql } from './assistants-graphql.ts';
import type { Subject } from './subject.ts';

/** Who is measured, in the order of the table: the oracle, this project, its peers. */
export const subjects: readonly Subject[] = [
  oracle,
  assistantsGraphql,
  mercurius,
  apolloServer,
  yoga,
  mesh,
  openapiToGraphql,
];
