import { pure } from '../execution/purity.ts';
import { builder } from './builder.ts';

/** A member of a REST union: an object with a `type`, or in places a bare string that is its own type. */
type Member = string | { type: string };

const typeOf = (member: Member) => (typeof member === 'string' ? member : member.type);

/**
 * The interface for a REST union that stays open: its members by their `type`, and `Unknown<Name>` for any other, which
 * carries what the upstream sent. A member that a newer upstream adds so never takes its object down.
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
        description: 'Which member of the union this is, as REST names it.',
        resolve: pure((member) => typeOf(member) ?? ''),
      }),
    }),
  });
  builder.objectRef<Source>(unknown).implement({
    description: `A member of \`${name}\` whose type this graph does not know, from a newer upstream.`,
    interfaces: [union],
    fields: (t) => ({
      raw: t.field({
        type: 'JSON',
        nullable: false,
        description: 'What the upstream sent, unchanged.',
        resolve: (member) => member,
      }),
    }),
  });
  return union;
};
