import type { GraphQLResolveInfo } from 'graphql';
import type { Context } from '../context/context.ts';
import type { Received } from '../rest/received.ts';
import type { RestAssistant } from '../wire/assistant.ts';
import { type ConnectionArgs, paginate } from './pagination.ts';
import { follow, lookUp, type Reference } from './reference.ts';
import { needsPageInfo } from './selection.ts';

type Assistant = Received<RestAssistant>;

export const assistantReference = (assistantId: string, { loaders }: Context): Reference<Assistant> => ({
  type: 'Assistant',
  ids: { id: assistantId },
  load: () => loaders.assistants.load(assistantId),
});

export const assistantById = (assistantId: string, context: Context, info: GraphQLResolveInfo) =>
  lookUp(assistantReference(assistantId, context), context, info);

/** The assistant that an object refers to; null if it refers to none, or to one that has been deleted. */
export const assistantOf = (
  { assistant_id: assistantId }: { assistant_id?: string | null | undefined },
  context: Context,
  info: GraphQLResolveInfo,
) => (assistantId == null ? null : follow(assistantReference(assistantId, context), context, info));

export const assistantList = 'assistants';

export const allAssistants = (args: ConnectionArgs, { loaders, limits }: Context, info: GraphQLResolveInfo) =>
  paginate(args, { name: assistantList, page: (window) => loaders.assistants.page(null, window) }, limits, {
    pageInfo: needsPageInfo(info),
  });
