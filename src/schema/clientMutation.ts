import { withGraphNames } from '../resolvers/graphNames.ts';

/** In the input and the payload of every mutation. */
export interface ClientMutation {
  clientMutationId?: string | null | undefined;
}

export const clientMutationIdInput = {
  description: 'An opaque client value, returned in the payload. It is not sent to the REST API.',
};

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
