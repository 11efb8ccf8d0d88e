import { requestError } from './requestError.ts';

/** The error, with status 401, for a client that sent no token. */
export const missingToken = () =>
  requestError(
    401,
    'UNAUTHENTICATED',
    'Authentication is required. Send a token in the header `Authorization: Bearer …`.',
    { 'www-authenticate': 'Bearer' },
  );

/** The error, with status 401, for a token that is not accepted (RFC 6750). */
export const invalidToken = (message = 'The token is not valid.') =>
  requestError(401, 'UNAUTHENTICATED', message, { 'www-authenticate': 'Bearer error="invalid_token"' });
