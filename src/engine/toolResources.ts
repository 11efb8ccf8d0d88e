import type { RestToolResources, RestToolResourcesCreate } from '../wire/tool.ts';
import { newId } from './ids.ts';

/** Tool resources as they are kept: a vector store to be made has become the id of one. */
export const keptToolResources = (resources: RestToolResourcesCreate | null | undefined): RestToolResources => {
  const { file_search: fileSearch, ...rest } = resources ?? {};
  if (fileSearch === undefined) return rest;
  const { vector_store_ids: given, vector_stores: wanted = [] } = fileSearch;
  return { ...rest, file_search: { vector_store_ids: given ?? wanted.map(() => newId('vs')) } };
};
