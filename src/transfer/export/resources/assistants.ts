import { ApiError } from '../../../rest/errors/apiError.ts';
import type { Rest } from '../../../rest/rest.ts';
import type { PageQuery } from '../../../wire/page.ts';
import { pagesOf } from '../pages.ts';
import type { ExportedResource } from './resource.ts';

/**
 * Lists assistants with their reasoning effort, which no response of the API has: requests do, so that in an assistant it is what it
 * is in the request that creates one. Of a server that rejects the parameter, assistants are listed without it.
 */
const withReasoningEffort = (rest: Rest) => {
  let include = true;
  return async (request: PageQuery) => {
    try {
      return await rest.assistants.list({ ...request, include });
    } catch (error) {
      if (!(include && error instanceof ApiError && error.status === 400)) throw error;
      include = false;
      return rest.assistants.list(request);
    }
  };
};

export const exportedAssistants: ExportedResource = {
  name: 'assistants',
  object: 'assistant',
  isOptional: false,
  pages: ({ rest }, after) => pagesOf('assistants', withReasoningEffort(rest), after),
};
