import { ApiError } from './errors/apiError.ts';
import { InvalidResponseError } from './errors/invalidResponseError.ts';
import { isMissingOperation } from './errors/missingOperation.ts';
import { NotSupportedError } from './errors/notSupportedError.ts';
import { UnclearNotFoundError } from './errors/unclearNotFoundError.ts';
import type { RestClient } from './client.ts';

/** The same client for routes that servers need not have: a response that shows their absence rejects with NotSupportedError. */
export const optionalRoutes = (
  client: RestClient,
  what: string,
): Pick<RestClient, 'get' | 'post' | 'delete' | 'upload' | 'download'> => {
  const explained = async <T>(sending: Promise<T>, namesNoObject = false): Promise<T> => {
    try {
      return await sending;
    } catch (error) {
      throw isUnknownRoute(error, namesNoObject)
        ? new NotSupportedError(error.call, `this upstream does not support ${what}.`)
        : error;
    }
  };
  return {
    get: (path, parse, query) => {
      // Nothing but the path itself can be missing, since neither it nor a cursor names an object.
      const namesNoObject = path.lastIndexOf('/') === 0 && query?.['after'] === undefined;
      return explained(client.get(path, parse, query), namesNoObject);
    },
    post: (path, parse, body, query, write) => explained(client.post(path, parse, body, query, write)),
    upload: (path, parse, body, extraMs, write) => explained(client.upload(path, parse, body, extraMs, write), true),
    download: (path) => explained(client.download(path)),
    delete: (path, parse, write) => explained(client.delete(path, parse, write)),
  };
};

const isUnknownRoute = (
  error: unknown,
  namesNoObject: boolean,
): error is ApiError | InvalidResponseError | NotSupportedError | UnclearNotFoundError => {
  if (error instanceof InvalidResponseError) return error.status === 404;
  // Few servers have these routes: an unclear 404 is more likely for the route than for an object.
  if (error instanceof NotSupportedError || error instanceof UnclearNotFoundError) return true;
  if (!(error instanceof ApiError)) return false;
  return isMissingOperation(error) || (error.status === 404 && namesNoObject);
};
