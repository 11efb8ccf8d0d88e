/**
 * A tenant owns objects of the embedded engine, and sees no others. It is the name of a token, or `jwt:` and a claim of a JSON
 * Web Token: names of tokens hold no colon, so that neither can be taken for the other.
 */
export type Tenant = string;

/** Owns what is created while nobody authenticates, and what a data file held before there were tenants. */
export const DEFAULT_TENANT: Tenant = 'default';
