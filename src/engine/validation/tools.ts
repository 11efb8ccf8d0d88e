import { z } from 'zod';
import { decimal, freeObject, integer, metadata, text } from './fields.ts';

const functionName = text(64).regex(/^[a-zA-Z0-9_-]+$/u);

const ranker = z.enum(['auto', 'default_2024_08_21']);

export const codeInterpreterTool = z.strictObject({ type: z.literal('code_interpreter') });

const fileSearchTool = z.strictObject({
  type: z.literal('file_search'),
  file_search: z
    .strictObject({
      max_num_results: integer(1, 50).optional(),
      ranking_options: z.strictObject({ ranker: ranker.optional(), score_threshold: decimal(0, 1) }).optional(),
    })
    .exactOptional(),
});

const functionTool = z.strictObject({
  type: z.literal('function'),
  function: z.strictObject({
    name: functionName,
    description: z.string().optional(),
    parameters: freeObject.optional(),
    strict: z.boolean().nullable().optional(),
  }),
});

const tool = z.discriminatedUnion('type', [codeInterpreterTool, fileSearchTool, functionTool]);

/** A model calls a function by its name, which must therefore be unique. */
const uniqueFunctionNames: z.core.CheckFn<z.infer<typeof tool>[]> = ({ value, issues }) => {
  const names = new Set<string>();
  for (const [index, one] of value.entries()) {
    if (one.type !== 'function') continue;
    const { name } = one.function;
    if (names.has(name)) {
      issues.push({ code: 'custom', message: 'Function tools must have unique names.', input: one, path: [index] });
    }
    names.add(name);
  }
};

/** At most `maximum` tools. */
export const tools = (maximum: number) => z.array(tool).max(maximum).check(uniqueFunctionNames);

const codeInterpreterFiles = z.strictObject({ file_ids: z.array(z.string()).max(20).optional() });
const vectorStoreIds = z.array(z.string()).max(1);

/** Tool resources with existing vector stores only. */
export const toolResources = z.strictObject({
  code_interpreter: codeInterpreterFiles.optional(),
  file_search: z.strictObject({ vector_store_ids: vectorStoreIds.optional() }).optional(),
});

export const chunkingStrategy = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('auto') }),
  z.strictObject({
    type: z.literal('static'),
    static: z
      .strictObject({ max_chunk_size_tokens: integer(100, 4096), chunk_overlap_tokens: integer(0) })
      .check(({ value, issues }) => {
        const maximum = value.max_chunk_size_tokens / 2;
        const input = value.chunk_overlap_tokens;
        if (input > maximum) {
          issues.push({
            code: 'too_big',
            origin: 'int',
            maximum,
            inclusive: true,
            input,
            path: ['chunk_overlap_tokens'],
          });
        }
      }),
  }),
]);

const vectorStore = z.strictObject({
  file_ids: z.array(z.string()).optional(),
  chunking_strategy: chunkingStrategy.optional(),
  metadata: metadata.nullable().optional(),
});

/** Tool resources with which a vector store can be created. */
export const newToolResources = z.strictObject({
  code_interpreter: codeInterpreterFiles.optional(),
  file_search: z
    .strictObject({
      vector_store_ids: vectorStoreIds.optional(),
      vector_stores: z.array(vectorStore).max(1).optional(),
    })
    .refine((value) => value.vector_store_ids === undefined || value.vector_stores === undefined, {
      message:
        "Invalid '{param}': 'vector_store_ids' and 'vector_stores' are mutually exclusive. Expected one of them.",
    })
    .optional(),
});

export const responseFormat = z.union([
  z.literal('auto'),
  z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('text') }),
    z.strictObject({ type: z.literal('json_object') }),
    z.strictObject({
      type: z.literal('json_schema'),
      json_schema: z.strictObject({
        name: functionName,
        description: z.string().optional(),
        schema: freeObject.optional(),
        strict: z.boolean().nullable().optional(),
      }),
    }),
  ]),
]);

export const toolChoice = z.union([
  z.enum(['none', 'auto', 'required']),
  z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('function'), function: z.strictObject({ name: z.string() }) }),
    z.strictObject({ type: z.literal('code_interpreter') }),
    z.strictObject({ type: z.literal('file_search') }),
  ]),
]);
