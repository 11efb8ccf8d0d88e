import type { StagedBlob } from '../files/blobStore.ts';
import { type FormFile, readForm } from '../files/form.ts';
import { checkAnnouncedSize, stageContent } from '../files/limits.ts';
import { httpErrors } from '../httpErrors.ts';
import type { RouteDependencies } from './routeDependencies.ts';
import type { EngineRequest } from '../engineRequest.ts';

/** A form that has been read: its fields by name, and its file, staged. */
export interface StagedForm {
  readonly fields: ReadonlyMap<string, string>;
  readonly file: FormFile<StagedBlob>;
}

/**
 * Stages the one file of a form, whose part is named `param`. What `use` does not keep is discarded.
 * @throws {HttpError} 400 or 413
 */
export const withFormFile = async <Result>(
  request: EngineRequest,
  { store, files, closing }: RouteDependencies,
  { param, maxBytes }: { param: string; maxBytes: number },
  use: (form: StagedForm) => Promise<Result>,
): Promise<Result> => {
  checkAnnouncedSize(request, maxBytes);
  const { fields, file } = await readForm(request, {
    fileParam: param,
    store: (content) => stageContent(files, store, content, maxBytes),
    discard: (staged) => staged.discard(),
    closing,
  });
  if (file === undefined) throw httpErrors.missingParameter(param);
  try {
    return await use({ fields, file });
  } finally {
    await file.stored.discard();
  }
};
