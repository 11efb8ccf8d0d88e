interface User {
  userId: string;
  name: string;
}

/** The assistants subgraph resolves all other fields of the type. */
interface Thread {
  threadId: string;
}

interface Page {
  first: number;
  after?: string | null;
}

const users: User[] = [
  { userId: 'ada', name: 'Ada' },
  { userId: 'grace', name: 'Grace' },
];

const userById = (userId: string | undefined) => users.find((user) => user.userId === userId) ?? null;

const globalId = ({ userId }: User) => Buffer.from(`User:${userId}`).toString('base64url');

const userByGlobalId = (id: string) => users.find((user) => globalId(user) === id) ?? null;

/** The users, and who owns which thread: in memory, to be small. Each call makes a world of its own. */
export const createResolvers = () => {
  /** Owners by thread, the latest claim last. */
  const owners = new Map<string, string>();

  const threadsOf = ({ userId }: User) =>
    [...owners]
      .filter(([, owner]) => owner === userId)
      .map(([threadId]): Thread => ({ threadId }))
      .toReversed();

  return {
    Query: {
      user: (_: unknown, { userId }: { userId: string }) => userById(userId),
      node: (_: unknown, { id }: { id: string }) => userByGlobalId(id),
      nodes: (_: unknown, { ids }: { ids: string[] }) => ids.map(userByGlobalId),
    },
    Mutation: {
      // Yours would take the user from the session, and ask whether the thread is theirs to claim.
      claimThread: (_: unknown, { input }: { input: { threadId: string; userId: string } }) => {
        if (userById(input.userId) === null) throw new Error(`There is no user "${input.userId}".`);
        owners.delete(input.threadId);
        owners.set(input.threadId, input.userId);
        return { thread: { threadId: input.threadId } };
      },
    },
    Node: { __resolveType: () => 'User' },
    User: {
      __resolveReference: ({ id, userId }: { id?: string; userId?: string }) =>
        id === undefined ? userById(userId) : userByGlobalId(id),
      id: globalId,
      threads: (user: User, { first, after }: Page) => connection(threadsOf(user), first, after ?? null),
    },
    Thread: {
      __resolveReference: ({ threadId }: Thread): Thread => ({ threadId }),
      owner: ({ threadId }: Thread) => userById(owners.get(threadId)),
    },
  };
};

const connection = (threads: Thread[], first: number, after: string | null) => {
  const start = after === null ? 0 : threads.findIndex(({ threadId }) => threadId === after) + 1;
  const nodes = threads.slice(start, start + first);
  return {
    nodes,
    edges: nodes.map((node) => ({ cursor: node.threadId, node })),
    pageInfo: {
      hasNextPage: start + first < threads.length,
      hasPreviousPage: start > 0,
      startCursor: nodes.at(0)?.threadId ?? null,
      endCursor: nodes.at(-1)?.threadId ?? null,
    },
  };
};
