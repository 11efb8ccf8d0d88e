import type { InputFields } from './builder.ts';

/** What every mutation takes in addition to its own input; `clientMutationId` is also in its payload. */
export interface ClientMutation {
  clientMutationId?: string | null | undefined;
}

export const clientMutationIdOutput = {
  nullable: true,
  description: 'The `clientMutationId` that came with the input. Null where none did.',
} as const;

/** The members that every mutation's input has. */
export const clientMutation = (t: InputFields) => ({
  idempotencyKey: t.string({
    description:
      'Sent to REST as `Idempotency-Key`: 1 to 255 visible ASCII characters, new for each write. A server that honours it, such as the embedded engine, carries out the write once, however often it is sent with the same key, and returns the same response for a day. So a write with a key is retried if the upstream fails; without one it is not, as it may have taken effect.',
  }),
  clientMutationId: t.string({
    description: 'Anything you like: it comes back in the payload, to tell answers apart. It is not sent to REST.',
  }),
});

/** An input without what is not for the REST API. */
export const ownInput = <Input extends ClientMutation>({ clientMutationId, ...input }: Input) => input;

/** Carries out a write without the `clientMutationId` of its input, and hands that on to the payload. */
export const answered = async <Input extends ClientMutation, Result extends object>(
  { clientMutationId, ...input }: Input,
  write: (input: Omit<Input, 'clientMutationId'>) => Promise<Result>,
): Promise<Result & ClientMutation> => ({ ...(await write(input)), clientMutationId });
