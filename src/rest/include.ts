import { INCLUDE_FILE_SEARCH_CONTENT } from '../wire/runStep.ts';

/** Whether the content of file-search results is asked for, which servers otherwise leave out. */
export interface IncludeOption {
  include?: boolean | undefined;
}

/** The query of a call that takes `include[]`. The key has its brackets even for one value. */
export const includeQuery = ({ include }: IncludeOption) =>
  include === true ? { 'include[]': INCLUDE_FILE_SEARCH_CONTENT } : {};
