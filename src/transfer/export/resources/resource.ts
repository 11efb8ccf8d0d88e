import type { Rest } from '../../../rest/rest.ts';
import type { Page } from '../inOrder.ts';

/** What an export reads from, and where it reports what it cannot. */
export interface ExportContext {
  readonly rest: Rest;
  /** Reports something that is left out of the export, in a sentence. */
  readonly leaveOut: (sentence: string) => void;
}

/** Objects that belong to no other, each followed by those that belong to it. */
export interface ExportedResource {
  /** The plural name. */
  readonly name: string;
  /** The value of `object`: the line of each begins what belongs to it. */
  readonly object: string;
  /** Whether servers need not have it. Its absence is a NotSupportedError. */
  readonly isOptional: boolean;
  /** All, or those that follow `after` in the list, oldest first. */
  readonly pages: (context: ExportContext, after: string | undefined) => AsyncGenerator<Page>;
}

/** Objects of one thread. A missing thread rejects with the upstream's 404. */
export interface ThreadResource {
  readonly name: string;
  pages(rest: Rest, threadId: string): AsyncGenerator<Page>;
}
