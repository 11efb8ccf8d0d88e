import type { HeadersView } from './credentials.ts';
import type { Entry, EntryCheck } from './entry.ts';
import { formCheck } from './formRequests.ts';
import { hostCheck, type HostOptions } from './hosts.ts';
import { ANYBODY, type Identity } from './identity.ts';
import { identification, type ModeOptions } from './modes.ts';
import { originCheck, type OriginOptions } from './origins.ts';
import { requestIdIn } from './requestId.ts';
import { type RouterOptions, routerCheck } from './routerSecret.ts';

/** Who sent a request. */
export interface Caller extends Identity {
  readonly headers: HeadersView;
  /** Names the request in the log, at the upstream and in the response. */
  readonly requestId: string;
}

export interface AdmissionOptions extends HostOptions, OriginOptions, RouterOptions, ModeOptions {}

/**
 * The only way in, for every transport and for the REST API alike. Throws, or rejects with, RequestError if a request is refused.
 * Returns a promise only if a token has to be verified by keys: see `jwt.ts`.
 */
export type Admission = (entry: Entry) => Caller | Promise<Caller>;

/** Every check that a request has to pass, in order. */
const checksOf = (options: AdmissionOptions): readonly EntryCheck[] => [
  hostCheck(options),
  originCheck(options),
  routerCheck(options),
  formCheck,
];

export const createAdmission = (options: AdmissionOptions): Admission => {
  const checks = checksOf(options);
  const identify = identification(options);
  return (entry) => {
    for (const check of checks) check(entry);
    const { surface, headers } = entry;
    const requestId = requestIdIn(headers);
    const callerOf = ({ credentials, tenant, expiresAt }: Identity): Caller => ({
      credentials,
      tenant,
      expiresAt,
      headers,
      requestId,
    });
    const identity = surface === 'preflight' ? ANYBODY : identify(headers);
    return identity instanceof Promise ? identity.then(callerOf) : callerOf(identity);
  };
};
