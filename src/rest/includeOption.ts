import { INCLUDE_FILE_SEARCH_CONTENT } from '../wire/runStep.ts';

/** Whether to request the content of file-search results, which servers omit by default. */
export interface IncludeOption {
  include?: boolean | undefined;
}

/** The `include[]` parameter of a call. The name has brackets even for a single value. */
export const includeParameter = ({ include }: IncludeOption) =>
  include === true ? { 'include[]': INCLUDE_FILE_SEARCH_CONTENT } : {};
