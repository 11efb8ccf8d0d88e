import { z } from 'zod';

/** Objects that are distinguished by their `type`. Those of another type are accepted as they are. */
export const unionByType = (members: Readonly<Record<string, z.ZodType>>): z.ZodType =>
  z.looseObject({ type: z.string() }).check(({ value, issues }) => {
    const member = Object.hasOwn(members, value.type) ? members[value.type] : undefined;
    for (const { path, message } of member?.safeParse(value).error?.issues ?? []) {
      issues.push({ code: 'custom', path, message, input: value });
    }
  });
