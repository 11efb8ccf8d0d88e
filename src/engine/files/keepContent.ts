import type { StagedBlob } from './blobStore.ts';
import type { FileDependencies } from './fileDependencies.ts';

/** What keeping and removing content needs. */
type ContentDependencies = Pick<FileDependencies, 'blobs' | 'isReferenced' | 'withContent'>;

/**
 * Keeps staged content together with the reference to it that `insert` commits. If none is committed, because `insert` rejects or returns an
 * earlier result, nothing remains.
 */
export const keepContent = <Result>(
  dependencies: ContentDependencies,
  staged: StagedBlob,
  insert: () => Promise<Result>,
): Promise<Result> =>
  dependencies.withContent(staged.sha256, async () => {
    try {
      await staged.keep();
      return await insert();
    } finally {
      await staged.discard();
      // What cannot be checked now is checked at the next start.
      await removeUnreferenced(dependencies, staged.sha256).catch(() => undefined);
    }
  });

/** Removes those of some contents to which no file and no part of an upload refers any more. */
export const removeContents = async (dependencies: ContentDependencies, contents: readonly string[]): Promise<void> => {
  for (const sha256 of new Set(contents)) {
    await dependencies.withContent(sha256, () => removeUnreferenced(dependencies, sha256));
  }
};

const removeUnreferenced = async ({ blobs, isReferenced }: ContentDependencies, sha256: string) => {
  if (!(await isReferenced(sha256))) await blobs.remove(sha256);
};
