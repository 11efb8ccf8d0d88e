import { graphql } from 'relay-runtime';

graphql`
  fragment assistants_list on Query
  @refetchable(queryName: "assistantsListPaginationQuery")
  @argumentDefinitions(count: { type: "Int", defaultValue: 20 }, cursor: { type: "String" }) {
    assistants(first: $count, after: $cursor) @connection(key: "assistants_list_assistants") {
      edges {
        node {
          id
          name
          tools {
            __typename
            ... on AssistantToolsFunction {
              function {
                name
                parameters
              }
            }
          }
        }
      }
    }
  }
`;

graphql`
  query assistantsQuery {
    ...assistants_list
  }
`;

graphql`
  mutation assistantsCreateMutation($input: CreateAssistantInput!, $connections: [ID!]!) {
    createAssistant(input: $input) {
      assistantEdge @prependEdge(connections: $connections) {
        node {
          id
          name
        }
      }
    }
  }
`;

graphql`
  mutation assistantsModifyMutation($input: ModifyAssistantInput!) {
    modifyAssistant(input: $input) {
      assistant {
        id
        name
        metadata
      }
    }
  }
`;

graphql`
  mutation assistantsDeleteMutation($input: DeleteAssistantInput!, $connections: [ID!]!) {
    deleteAssistant(input: $input) {
      deletedAssistantId @deleteRecord @deleteEdge(connections: $connections)
    }
  }
`;
