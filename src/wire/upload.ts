import type { RestFile, RestUploadPurpose } from './file.ts';

/** A file that is uploaded in parts. */
export interface RestUpload {
  id: string;
  object: 'upload';
  /** Size that the file will have. */
  bytes: number;
  created_at: number;
  /** When the upload expires if it is not completed. */
  expires_at: number;
  filename: string;
  purpose: RestUploadPurpose;
  status: 'pending' | 'completed' | 'cancelled' | 'expired';
  /** Null until the upload is completed. */
  file: RestFile | null;
}

/** A part of the content of an upload. */
export interface RestUploadPart {
  id: string;
  object: 'upload.part';
  created_at: number;
  upload_id: string;
}

/** The body of `POST /uploads`. */
export interface CreateUploadBody {
  bytes: number;
  filename: string;
  mime_type: string;
  purpose: RestUploadPurpose;
  /** `seconds` after the file is created, 3600 to 2592000. */
  expires_after?: { anchor: 'created_at'; seconds: number } | undefined;
}

/** The body of `POST /uploads/{upload_id}/complete`. */
export interface CompleteUploadBody {
  /** In the order of the content. */
  part_ids: string[];
  /** MD5 of the whole content, in hexadecimal digits. */
  md5?: string | undefined;
}
