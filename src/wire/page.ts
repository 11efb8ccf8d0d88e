/** One page of a list, as the REST API sends it. `first_id` and `last_id` are null on an empty page. */
export interface RestPage<Item> {
  object: 'list';
  data: Item[];
  first_id: string | null;
  last_id: string | null;
  has_more: boolean;
}

/** Query parameters of every list. `limit` is 1 to 100, by default 20; `order` is by creation, by default `desc`. */
export interface PageQuery {
  limit?: number | undefined;
  order?: RestSortOrder | undefined;
  /** Id of a member of the list: the page holds what follows it in the requested order. */
  after?: string | undefined;
  /** Id of a member of the list: the page holds what precedes it in the requested order. */
  before?: string | undefined;
}

export type RestSortOrder = 'asc' | 'desc';

/** The response to a DELETE. */
export interface RestDeleted<Kind extends string> {
  id: string;
  object: Kind;
  deleted: boolean;
}

/** Pairs within `metadataLimits`. Responses hold `{}` or null if there are none. */
export type RestMetadata = Record<string, string>;
