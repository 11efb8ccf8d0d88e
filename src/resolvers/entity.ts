import type { GraphQLResolveInfo } from 'graphql';
import type { Context } from '../context/context.ts';
import { userInputError } from '../context/errors.ts';
import { isRestId } from '../rest/path.ts';
import { decodeGlobalId, type GlobalId, locators, type NodeType } from './globalId.ts';
import { nodeByIds } from './node.ts';

/**
 * The entity for a router's representation, by any of its keys; null if it does not exist. Selecting only ids costs no REST
 * call. Rejects with BAD_USER_INPUT if the representation is malformed, which is an error at its own index only.
 */
export const entity = async (representation: unknown, context: Context, info: GraphQLResolveInfo) =>
  nodeByIds(located(representation), context, info);

const located = (representation: unknown): GlobalId => {
  const fields: Record<string, unknown> = isRecord(representation) ? representation : {};
  const type = Object.keys(locators).find((name): name is NodeType => name === fields['__typename']);
  if (!type) {
    throw userInputError(
      `A representation's __typename must be one of ${Object.keys(locators).join(', ')}, got ${shown(fields['__typename'])}.`,
    );
  }
  const ids = locators[type].map((name) => fields[name]);
  if (ids.every(isId)) return { type, ids };
  if (isText(fields['id'])) return { type, ids: idsOf(type, fields['id']) };
  throw userInputError(
    `A representation of ${type} must have a key: \`id\`, or ${locators[type].map((name) => `\`${name}\``).join(' and ')}, as strings of 1 to 512 characters.`,
  );
};

const idsOf = (type: NodeType, globalId: string) => {
  const decoded = decodeGlobalId(globalId);
  if (decoded.type === type) return decoded.ids;
  throw userInputError(
    `The \`id\` of a representation of ${type} must be the global ID of a ${type}, got one of ${decoded.type}.`,
  );
};

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

const isText = (value: unknown): value is string => typeof value === 'string';

const isId = (value: unknown): value is string => isText(value) && isRestId(value);

const shown = (value: unknown) => (JSON.stringify(value) ?? 'nothing').slice(0, 100);
