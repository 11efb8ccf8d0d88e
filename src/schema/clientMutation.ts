import { withGraphNames } from '../resolvers/graphNames.ts';

/** What every mutation takes beside its own input, and gives back beside its own result. */
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

/** An input without what is not for the REST API. */
export const ownInput = <Input extends ClientMutation>({ clientMutationId, ...input }: Input) => input;

/** Carries out a write without the `clientMutationId` of its input, which goes into the payload. */
export const payloadOf = async <Input extends ClientMutation, Result extends object>(
  { clientMutationId, ...input }: Input,
  write: (input: Omit<Input, 'clientMutationId'>) => Promise<Result>,
): Promise<Result & ClientMutation> => ({ ...(await withGraphNames(() => write(input))), clientMutationId });
