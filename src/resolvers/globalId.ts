import { userInputError } from '../context/errors.ts';

/** The types that `node` can look up, each with the REST ids that locate an object, outermost first. */
export const locators = {
  Assistant: ['assistantId'],
  Thread: ['threadId'],
  Message: ['threadId', 'messageId'],
  Run: ['threadId', 'runId'],
  RunStep: ['threadId', 'runId', 'stepId'],
  File: ['fileId'],
  VectorStore: ['vectorStoreId'],
  VectorStoreFile: ['vectorStoreId', 'fileId'],
} as const;

export type NodeType = keyof typeof locators;

export interface GlobalId {
  type: NodeType;
  /** One REST id for each name in `locators[type]`. */
  ids: string[];
}

/** The Relay global id of an object: opaque to clients, unique across types. */
export const encodeGlobalId = (type: NodeType, ...ids: string[]) =>
  Buffer.from(`${type}:${ids.map(encodeURIComponent).join('/')}`).toString('base64url');

/** The inverse of `encodeGlobalId`. Throws BAD_USER_INPUT for any other string. */
export const decodeGlobalId = (id: string): GlobalId => {
  const [type = '', path = ''] = Buffer.from(id, 'base64url').toString().split(':');
  if (Object.hasOwn(locators, type)) {
    const known = type as NodeType;
    const ids = decodedIds(path);
    if (ids.length === locators[known].length && encodeGlobalId(known, ...ids) === id) return { type: known, ids };
  }
  throw userInputError(`"${id.slice(0, 200)}" is not a global ID: pass the value of an object's \`id\` field.`);
};

const decodedIds = (path: string) => {
  try {
    return path.split('/').map(decodeURIComponent);
  } catch {
    return [];
  }
};
