import type { CodegenConfig } from '@graphql-codegen/cli';

/** As strict as the types can be: nothing that the graph may say is `any`. */
const config: CodegenConfig = {
  schema: '../schema.graphql',
  documents: 'codegen/operations.graphql',
  importExtension: '.js',
  generates: {
    'codegen/__generated__/': {
      preset: 'client',
      presetConfig: { fragmentMasking: false },
      config: {
        useTypeImports: true,
        enumsAsTypes: true,
        strictScalars: true,
        scalars: {
          DateTime: 'string',
          Decimal: 'string',
          JSON: 'unknown',
          Metadata: 'Record<string, string>',
          Upload: 'Blob',
        },
      },
    },
  },
};

export default config;
