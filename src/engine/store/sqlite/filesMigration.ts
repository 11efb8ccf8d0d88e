import { sql } from 'kysely';

/**
 * Files and uploads with their owners. `sha256` and `bytes` describe their content, which is stored elsewhere: see
 * `files/blobStore.ts`. `file_usage` holds the sum of `bytes` of each tenant.
 */
export const filesMigration = [
  sql`create table files (seq integer primary key autoincrement, id text not null unique, object text not null,
    tenant text not null default 'default', purpose text not null, sha256 text not null, bytes integer not null,
    expires_at integer)`,
  sql`create index files_of_tenant on files (tenant, seq)`,
  sql`create index files_of_purpose on files (tenant, purpose, seq)`,
  sql`create index files_of_content on files (sha256)`,
  sql`create index files_expiring on files (expires_at) where expires_at is not null`,
  sql`create table deleted_files (deletion integer primary key autoincrement, id text not null unique, seq integer not null,
    tenant text not null)`,
  sql`create table uploads (seq integer primary key autoincrement, id text not null unique, object text not null,
    tenant text not null default 'default', expires_after integer, pending integer not null, expires_at integer not null)`,
  sql`create index uploads_expiring on uploads (expires_at)`,
  sql`create table upload_parts (seq integer primary key autoincrement, id text not null unique,
    upload_id text not null references uploads (id) on delete cascade, tenant text not null default 'default',
    sha256 text not null, bytes integer not null)`,
  sql`create index parts_of_upload on upload_parts (upload_id, seq)`,
  sql`create index parts_of_content on upload_parts (sha256)`,
  sql`create table file_usage (tenant text not null primary key, bytes integer not null) without rowid`,
];
