import type { ApiError } from './apiError.ts';

/**
 * How servers respond to a path that they do not know, in place of naming an object that is missing: the hosted API
 * (`Invalid URL (GET /v1/…)`), the embedded engine (`Unknown request URL: …`), Azure (`Resource not found`), Express
 * (`Cannot GET /…`), and servers in Go (`404 page not found`).
 */
const UNKNOWN_PATH =
  /^(?:invalid url\b|unknown request url\b|cannot (?:get|post|delete) \/|no route\b|(?:404 )?(?:resource|page|route|path|endpoint) not found\b|method not allowed\b)/i;

/** FastAPI's response to a path that it does not know. Some servers have the same one for an object that does not exist. */
export const isBareNotFound = ({ status, message }: ApiError): boolean =>
  status === 404 && /^not found\.?$/i.test(message);

/** Whether an error shows that the upstream does not have the operation, rather than that an object does not exist. */
export const isMissingOperation = ({ status, message }: ApiError): boolean =>
  status === 405 || status === 501 || (status === 404 && UNKNOWN_PATH.test(message));
