import { z } from 'zod';

/** What the other replicas are notified of. The tables say what has changed. */
export interface ChangeHints {
  /** Ids of runs that have changed or were deleted. */
  runs: readonly string[];
  /** For which workers there is work. */
  work: readonly WorkKind[];
}

const workKinds = ['runs', 'files', 'webhooks'] as const;

export type WorkKind = (typeof workKinds)[number];

/** A payload of NOTIFY has to be shorter than 8,000 bytes (PostgreSQL's documentation of NOTIFY). */
const maxPayloadBytes = 7_999;

const payloadSchema = z.object({ replica: z.string(), work: z.array(z.enum(workKinds)), runs: z.array(z.string()) });

export type ChangePayload = z.infer<typeof payloadSchema>;

/** The hints as payloads of NOTIFY. `replica` identifies the sender. An id that is too long for a payload is left out. */
export const payloadsOf = (replica: string, { runs, work }: ChangeHints): string[] => {
  const textOf = (ids: string[], kinds: readonly WorkKind[]) => JSON.stringify({ replica, work: kinds, runs: ids });
  const payloads: string[] = [];
  const roomOf = (kinds: readonly WorkKind[]) => maxPayloadBytes - Buffer.byteLength(textOf([], kinds));
  let kinds = work;
  let ids: string[] = [];
  let room = roomOf(kinds);
  const end = () => {
    if (ids.length > 0 || kinds.length > 0) payloads.push(textOf(ids, kinds));
    [kinds, ids] = [[], []];
    room = roomOf(kinds);
  };
  for (const id of runs) {
    const bytes = Buffer.byteLength(JSON.stringify(id)) + 1; // And a comma.
    if (bytes > room) end();
    if (bytes > room) continue;
    ids.push(id);
    room -= bytes;
  }
  end();
  return payloads;
};

/** Undefined if it is none of this version's payloads. */
export const readPayload = (text: string): ChangePayload | undefined => {
  try {
    return payloadSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
};
