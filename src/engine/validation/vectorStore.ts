import { z } from 'zod';
import type { AttributeFilter } from '../vectorStores/attributeFilter.ts';
import { decimal, integer, metadata, pairs, text } from './fields.ts';
import { pageQuerySchema } from './query.ts';
import { chunkingStrategy } from './tools.ts';

const name = text(256);
const description = text(512);
const expiresAfter = z.strictObject({ anchor: z.literal('last_active_at'), days: integer(1, 365) });

/** Files that one request adds to a store. */
const MAX_FILES = 2000;

/** Of one file. */
const attributeLimits = { pairs: 16, keyLength: 64, valueLength: 512 };
const attributeValue = z.union([text(attributeLimits.valueLength), z.number(), z.boolean()]);
const attributes = pairs(
  attributeLimits,
  (value): value is number | boolean => Number.isFinite(value) || typeof value === 'boolean',
);

const fileOptions = {
  attributes: attributes.nullable().optional(),
  chunking_strategy: chunkingStrategy.optional(),
};

export const createVectorStoreSchema = z.strictObject({
  name: name.nullable().optional(),
  description: description.nullable().optional(),
  file_ids: z.array(z.string()).max(MAX_FILES).optional(),
  chunking_strategy: chunkingStrategy.optional(),
  expires_after: expiresAfter.nullable().optional(),
  metadata: metadata.nullable().optional(),
});

export const modifyVectorStoreSchema = z.strictObject({
  name: name.nullable().optional(),
  description: description.nullable().optional(),
  expires_after: expiresAfter.nullable().optional(),
  metadata: metadata.nullable().optional(),
});

const newFile = z.strictObject({ file_id: z.string(), ...fileOptions });

export const createVectorStoreFileSchema = newFile;
export const modifyVectorStoreFileSchema = z.strictObject({ attributes: attributes.nullable() });

export const createFileBatchSchema = z
  .strictObject({
    file_ids: z.array(z.string()).min(1).max(MAX_FILES).optional(),
    files: z.array(newFile).min(1).max(MAX_FILES).optional(),
    ...fileOptions,
  })
  .refine((body) => (body.file_ids === undefined) !== (body.files === undefined), {
    message: "Invalid body: expected either 'file_ids' or 'files'.",
  });

const comparison = z.strictObject({
  type: z.enum(['eq', 'ne', 'gt', 'gte', 'lt', 'lte']),
  key: z.string(),
  value: attributeValue,
});
const membership = z.strictObject({
  type: z.enum(['in', 'nin']),
  key: z.string(),
  value: z.array(attributeValue).max(1000),
});
const compound = z.strictObject({
  type: z.enum(['and', 'or']),
  get filters(): z.ZodType<AttributeFilter[]> {
    return z.array(attributeFilter).max(100);
  },
});

/** Comparisons of one filter, at any level. */
const MAX_COMPARISONS = 200;

const sizeOf = (filter: AttributeFilter): number =>
  'filters' in filter ? filter.filters.reduce((sum, each) => sum + sizeOf(each), 1) : 1;

const attributeFilter: z.ZodType<AttributeFilter> = z.discriminatedUnion('type', [comparison, membership, compound]);

const query = text(4096);

export const searchVectorStoreSchema = z.strictObject({
  query: z.union([query, z.array(query).min(1).max(16)]),
  filters: attributeFilter
    .refine((filter) => sizeOf(filter) <= MAX_COMPARISONS, {
      message: `Invalid '{param}': too many comparisons. Expected at most ${MAX_COMPARISONS}.`,
    })
    .nullable()
    .optional(),
  max_num_results: integer(1, 50).default(10),
  ranking_options: z
    .strictObject({
      ranker: z.enum(['none', 'auto', 'default-2024-11-15', 'default_2024_08_21']).optional(),
      score_threshold: decimal(0, 1).optional(),
    })
    .optional(),
  rewrite_query: z.boolean().optional(),
});

export const vectorStoreFilesQuerySchema = pageQuerySchema.extend({
  filter: z.enum(['in_progress', 'completed', 'failed', 'cancelled']).optional(),
});
