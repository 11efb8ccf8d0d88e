import type { RestToolResources, RestToolResourcesCreate } from '../wire/tool.ts';
import { newId } from './ids.ts';

/** Tool resources as they are stored: each vector store to create is replaced by the id of a new one. */
export const storedToolResources = (resources: RestToolResourcesCreate | null | undefined): RestToolResources => {
  const { file_search: fileSearch, ...rest } = resources ?? {};
  if (fileSearch === undefined) return rest;
  const { vector_store_ids: given, vector_stores: requested = [] } = fileSearch;
  return { ...rest, file_search: { vector_store_ids: given ?? requested.map(() => newId('vs')) } };
};
