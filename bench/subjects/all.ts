import { oracle } from '../oracle/subject.ts';
import { apolloServer } from '../peers/apollo/subject.ts';
import { mercurius } from '../peers/mercurius/subject.ts';
import { mesh } from '../peers/mesh/subject.ts';
import { openapiToGraphql } from '../peers/openapi-to-graphql/subject.ts';
import { yoga } from '../peers/yoga/subject.ts';
import { assistantsGraphql } from './assistants-graphql.ts';
import { withExecutor } from './executors.ts';
import type { Subject } from './subject.ts';

/** What is measured, in the order of the table: the oracle, this project, its peers. */
export const subjects: readonly Subject[] = [
  oracle,
  assistantsGraphql,
  mercurius,
  apolloServer,
  yoga,
  mesh,
  openapiToGraphql,
];

/** This project with other executors in place of its own. */
export const executors: readonly Subject[] = [withExecutor('graphql-js'), withExecutor('graphql-jit')];
