import { defineConfig } from '@graphql-mesh/compose-cli';
import { loadOpenAPISubgraph } from '@omnigraph/openapi';

/**
 * `mesh-compose` makes a supergraph of the OpenAPI document; Hive Gateway serves it. The links of the document work from the
 * answer of an operation only, not from the members of a list, so these edges are added the way that Mesh has for it.
 */
export const composeConfig = defineConfig({
  subgraphs: [{ sourceHandler: loadOpenAPISubgraph('Assistants', { source: process.env['OPENAPI_DOCUMENT'] ?? '' }) }],
  additionalTypeDefs: /* GraphQL */ `
    extend type Run {
      itsAssistant: Assistant
        @resolveTo(
          sourceName: "Assistants"
          sourceTypeName: "Query"
          sourceFieldName: "getAssistant"
          requiredSelectionSet: "{ assistant_id }"
          sourceArgs: { assistant_id: "{root.assistant_id}" }
        )
      itsSteps: RunStepList
        @resolveTo(
          sourceName: "Assistants"
          sourceTypeName: "Query"
          sourceFieldName: "listRunSteps"
          requiredSelectionSet: "{ id thread_id }"
          sourceArgs: { thread_id: "{root.thread_id}", run_id: "{root.id}", limit: 20 }
        )
    }
    extend type Message {
      itsAssistant: Assistant
    }
  `,
});
