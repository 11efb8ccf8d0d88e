import type { EntryCheck } from './entry.ts';
import { requestError } from './requestError.ts';

/** Each of them makes a browser send a preflight, which only allowed origins pass. The second one is Apollo's. */
const PREFLIGHT_HEADERS = ['graphql-require-preflight', 'apollo-require-preflight'] as const;

const isForm = (contentType: string | null) => contentType !== null && /^\s*multipart\/form-data\b/i.test(contentType);

/**
 * Refuses forms without a header that no HTML form can set. Browsers send a form to any server without a preflight, so that a page
 * of another origin could otherwise carry out mutations (CSRF) if the check of origins is off or a proxy removes the header.
 */
export const formCheck: EntryCheck = ({ surface, headers }) => {
  if (surface !== 'graphql' || !isForm(headers.get('content-type'))) return;
  if (PREFLIGHT_HEADERS.some((name) => headers.get(name))) return;
  throw requestError(
    400,
    'BAD_USER_INPUT',
    'A multipart request needs the header GraphQL-Require-Preflight or Apollo-Require-Preflight with any value. It protects against requests from other sites.',
  );
};
