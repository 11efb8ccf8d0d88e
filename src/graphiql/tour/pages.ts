import { type TourStop, variablesFrom } from './stop.ts';

/** The pages of a list. */
export const pages: readonly TourStop[] = [
  {
    gives: ['endCursor'],
    variables: variablesFrom('threadId'),
    query: `# 10. Read the two newest messages.
#
# The reply uses the submitted output (if not,
# execute again). "hasNextPage" shows that there are
# more messages, "endCursor" where this page ends.

query ReadMessages($threadId: ID!) {
  thread(threadId: $threadId) {
    messages(first: 2) {
      nodes {
        role
        text
        createdAt
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
}
`,
  },
  {
    gives: [],
    variables: variablesFrom('threadId', 'endCursor'),
    query: `# 11. Read the next page: the messages after the
# cursor.
#
# These are the first two messages of the thread,
# and "hasNextPage" is false.

query NextPage(
  $threadId: ID!
  $endCursor: String!
) {
  thread(threadId: $threadId) {
    messages(first: 2, after: $endCursor) {
      nodes {
        role
        text
        createdAt
      }
      pageInfo {
        hasNextPage
      }
    }
  }
}
`,
  },
];
