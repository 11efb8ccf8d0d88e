import type { Plugin } from 'graphql-yoga';
import { byAllowedHost, notByName, type HostOptions } from './hosts.ts';
import { fromAllowedOrigin } from './origins.ts';
import { bringsSecret, ROUTER_HEADER } from './routerSecret.ts';

export interface AdmissionOptions extends HostOptions {
  /** What a router must send to be let in; undefined lets everyone in. */
  routerSecret?: string | undefined;
  /** Whose pages may ask, beside those of this server and of this machine; `*` for everyone's. */
  allowedOrigins?: readonly string[] | undefined;
}

export interface Refusal {
  status: number;
  code: 'UNAUTHENTICATED' | 'FORBIDDEN';
  message: string;
}

/** Tells from its headers why a request, or a WebSocket, is refused; null where it is not. */
export const refusalOf = (options: AdmissionOptions) => {
  const { routerSecret, allowedOrigins = [] } = options;
  const isByName = byAllowedHost(options);
  const isAllowed = fromAllowedOrigin(allowedOrigins);
  const isRouter = routerSecret === undefined ? () => true : bringsSecret(routerSecret);
  return (headers: Pick<Headers, 'get'>): Refusal | null => {
    if (!isByName(headers)) return { status: 403, code: 'FORBIDDEN', message: notByName(headers) };
    if (!isAllowed(headers)) {
      const message = `Pages from ${headers.get('origin')} may not ask this server: ALLOWED_ORIGINS lists those that may.`;
      return { status: 403, code: 'FORBIDDEN', message };
    }
    if (isRouter(headers)) return null;
    const message = `This subgraph answers its router only: the header ${ROUTER_HEADER} must hold the secret that both share.`;
    return { status: 401, code: 'UNAUTHENTICATED', message };
  };
};

/** Refuses requests before anything of them is read. A browser's preflight brings no secret, so it is let through to CORS. */
export const admission = (options: AdmissionOptions): Plugin => {
  const refusal = refusalOf(options);
  return {
    onRequest: (asked) => {
      const refused = refusal(asked.request.headers);
      if (refused === null || (refused.status === 401 && asked.request.method === 'OPTIONS')) return;
      const { status, code, message } = refused;
      const errors = [{ message, extensions: { code } }];
      asked.endResponse(asked.fetchAPI.Response.json({ errors }, { status }));
    },
  };
};
