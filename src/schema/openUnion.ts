import { pure } from '../execution/purity.ts';
import { builder } from './builder.ts';

/** A member of a REST union: an object with a `type`, or a string that is its own type. */
type Member = string | { type: string };

const typeOf = (member: Member) => (typeof member === 'string' ? member : member.type);

/**
 * The interface for a REST union. Its implementations are found by `type`; any other `type` is an `Unknown<Name>`, which has the
 * object as the upstream sent it. So a member that a newer upstream adds is no error.
 */
export const openUnion = <Source extends Member>(
  name: string,
  description: string,
  members: Record<string, string>,
) => {
  const unknown = `Unknown${name}`;
  const names = new Map(Object.entries(members));
  const union = builder.interfaceRef<Source>(name).implement({
    description,
    resolveType: pure((member: Source) => names.get(typeOf(member)) ?? unknown),
    fields: (t) => ({
      type: t.string({
        nullable: false,
        description: 'The `type` of the object in the REST API.',
        resolve: pure((member) => typeOf(member) ?? ''),
      }),
    }),
  });
  builder.objectRef<Source>(unknown).implement({
    description: `\`${name}\` of a type that this schema does not know, sent by a newer upstream.`,
    interfaces: [union],
    fields: (t) => ({
      raw: t.field({
        type: 'JSON',
        nullable: false,
        description: 'The object as the upstream sent it.',
        resolve: (member) => member,
      }),
    }),
  });
  return union;
};
