import type { RestMessage } from '../wire/message.ts';
import type { RestToolResources, RestToolResourcesCreate } from '../wire/tool.ts';
import { newId } from './ids.ts';

/** Tool resources as they are stored: each vector store to create is replaced by the id of a new one. */
export const storedToolResources = (resources: RestToolResourcesCreate | null | undefined): RestToolResources => {
  const { file_search: fileSearch, ...rest } = resources ?? {};
  if (fileSearch === undefined) return rest;
  const { vector_store_ids: given, vector_stores: requested = [] } = fileSearch;
  return { ...rest, file_search: { vector_store_ids: given ?? requested.map(() => newId('vs')) } };
};

/** The resources of a thread with the files that messages attach for the code interpreter. */
export const withAttachedFiles = (
  resources: RestToolResources | null,
  messages: readonly RestMessage[],
): RestToolResources | null => {
  const attached = messages
    .flatMap(({ attachments }) => attachments ?? [])
    .filter(({ tools = [] }) => tools.some(({ type }) => type === 'code_interpreter'))
    .flatMap(({ file_id: id }) => (id === undefined ? [] : [id]));
  if (attached.length === 0) return resources;
  const known = resources?.code_interpreter?.file_ids ?? [];
  return { ...resources, code_interpreter: { file_ids: [...new Set([...known, ...attached])] } };
};
