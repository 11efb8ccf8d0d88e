import { createHash } from 'node:crypto';
import type { Tenant } from '../../tenant.ts';

// Lexemes that mark the chunks of a store and of a tenant. Words have letters and digits only, so that no text has these.

export const storeLexeme = (vectorStoreId: string): string => `store/${vectorStoreId}`;

/** Tenants have names of any length; lexemes have not. */
export const tenantLexeme = (tenant: Tenant): string => `tenant/${createHash('sha256').update(tenant).digest('hex')}`;

/** A query for any of some lexemes, as the text of a `tsquery`. */
export const anyLexeme = (lexemes: readonly string[]): string =>
  lexemes.map((lexeme) => `'${lexeme.replaceAll(/['\\]/gu, '$&$&')}'`).join(' | ');
