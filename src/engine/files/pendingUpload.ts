import type { RestUpload } from '../../wire/upload.ts';
import { unixSeconds } from '../clock.ts';
import { httpErrors } from '../httpErrors.ts';

/** @throws {HttpError} 400 if the upload has ended, also if it has expired and no sweep has reached it */
export const checkIsPending = ({ id, status, expires_at }: RestUpload): void => {
  if (status !== 'pending') throw httpErrors.uploadEnded(id, status);
  if (expires_at <= unixSeconds()) throw httpErrors.uploadEnded(id, 'expired');
};
