import type { InputFields } from './builder.ts';
import { withGraphNames } from '../resolvers/graphNames.ts';

/** In the input of every mutation; `clientMutationId` is also in the payload. */
export interface ClientMutation {
  clientMutationId?: string | null | undefined;
}

/** The fields that the input of every mutation has. */
export const clientMutation = (t: InputFields) => ({
  idempotencyKey: t.string({
    description:
      'Sent to the REST API as `Idempotency-Key`: 1 to 255 visible ASCII characters, a new value for each write. A server that supports it, such as the embedded engine, carries out the write once, however often it is sent with the same key, and returns the same response for a day. A write with a key is retried if the upstream fails. One without a key is not, as it may have taken effect.',
  }),
  clientMutationId: t.string({
    description: 'An opaque client value, returned in the payload. It is not sent to the REST API.',
  }),
});

export const clientMutationIdOutput = {
  nullable: true,
  description: 'The `clientMutationId` of the input. Null if none was given.',
} as const;

/** An input without its `clientMutationId`, which is not sent to the REST API. */
export const ownInput = <Input extends ClientMutation>({ clientMutationId, ...input }: Input) => input;

/** The payload of a mutation: the result of the write with the `clientMutationId` of its input. */
export const payloadOf = async <Input extends ClientMutation, Result extends object>(
  { clientMutationId, ...input }: Input,
  write: (input: Omit<Input, 'clientMutationId'>) => Promise<Result>,
): Promise<Result & ClientMutation> => ({ ...(await withGraphNames(() => write(input))), clientMutationId });
