import type { IncomingMessage } from 'node:http';

const AUTHORITY = /^https?:\/\/[^/?#]*/i;

/**
 * Puts the target of a request into origin form, `/path?query`, in which the rest of the server expects it. Clients of proxies use
 * the absolute form, which every server has to accept (RFC 9112, section 3.2.2).
 */
export const useOriginForm = (request: IncomingMessage): void => {
  const { url = '/' } = request;
  if (url.startsWith('/') || !AUTHORITY.test(url)) return;
  const target = url.replace(AUTHORITY, '');
  request.url = target.startsWith('/') ? target : `/${target}`;
};

/** The query of a request, without its `?`. A query may contain more of them. */
export const searchOf = ({ url = '' }: IncomingMessage): string => {
  const start = url.indexOf('?');
  return start === -1 ? '' : url.slice(start + 1);
};
