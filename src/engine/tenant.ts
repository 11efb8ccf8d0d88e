/** A tenant owns objects of the engine, and for it no others exist. Any text. */
export type Tenant = string;

/** Owns what is created while nobody authenticates, and what a data file held before there were tenants. */
export const DEFAULT_TENANT: Tenant = 'default';
