import type { UpstreamKind as Kind } from '../context/context.ts';
import { upstreamCapabilities } from '../resolvers/upstream.ts';
import type { Capability } from '../rest/capabilities.ts';
import { builder } from './builder.ts';
import { configOnly } from './cost.ts';
import { unknownValue } from './openEnum.ts';
import { restField } from './restField.ts';

const UpstreamKind = builder.enumType('UpstreamKind', {
  description: 'Where the objects of the graph are.',
  values: {
    EMBEDDED: { value: 'embedded', description: 'In the engine of this server.' },
    EXTERNAL: { value: 'external', description: 'On another server that has the REST API.' },
    ...unknownValue,
  } as const,
});

const UpstreamCapability = builder.objectRef<Capability>('UpstreamCapability').implement({
  description: 'An operation of the REST API, and whether the upstream has it.',
  fields: (t) => ({
    operation: t.exposeString('operation', {
      nullable: false,
      description: 'The name of the operation, such as `createThreadAndRun`.',
    }),
    supported: t.exposeBoolean('supported', {
      nullable: true,
      description: 'Whether the upstream has the operation. Null if reads cannot show it.',
    }),
  }),
});

const Upstream = builder.objectRef<{ kind: Kind }>('Upstream').implement({
  description: 'The REST server behind the graph.',
  fields: (t) => ({
    kind: t.expose('kind', { type: UpstreamKind, nullable: false, description: 'Where the objects of the graph are.' }),
    capabilities: t.field({
      type: [UpstreamCapability],
      ...restField({
        description:
          'The operations of the REST API. A mutation or field whose operation is missing fails with `NOT_SUPPORTED`, except for `createThreadAndRun`, which is then carried out as two operations. For an external server this sends one read for each path of the API, and nothing is created.',
      }),
      resolve: ({ kind }, _, context) => upstreamCapabilities(kind, context),
    }),
  }),
});

builder.queryField('upstream', (t) =>
  t.field({
    type: Upstream,
    nullable: false,
    ...configOnly,
    description: 'The REST server behind the graph, and what it can do.',
    resolve: (_, __, { upstreamKind }) => ({ kind: upstreamKind }),
  }),
);
