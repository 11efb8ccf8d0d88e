import type { Rest } from '../../../rest/rest.ts';
import type { Page } from '../inOrder.ts';

/** Objects that belong to no thread. */
export interface ExportedResource {
  readonly name: string;
  pages(rest: Rest): AsyncGenerator<Page>;
}

/** Objects of one thread. A missing thread rejects with the upstream's 404. */
export interface ThreadResource {
  readonly name: string;
  pages(rest: Rest, threadId: string): AsyncGenerator<Page>;
}
