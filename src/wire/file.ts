/** A file whose content is stored by the server. */
export interface RestFile {
  id: string;
  object: 'file';
  /** Size of the content. */
  bytes: number;
  created_at: number;
  expires_at?: number | null;
  filename: string;
  purpose: RestFilePurpose;
  /** Deprecated by the API. Files are usable once they have been created. */
  status?: 'uploaded' | 'processed' | 'error';
  status_details?: string | null;
}

/** What clients may upload files for. */
export type RestUploadPurpose = 'assistants' | 'batch' | 'fine-tune' | 'vision' | 'user_data' | 'evals';

/** Files with the purpose `assistants_output` are created by runs. */
export type RestFilePurpose = RestUploadPurpose | 'assistants_output' | 'batch_output' | 'fine-tune-results';

/** The fields of the form that creates a file, in addition to its content. `seconds` is 3,600 to 2,592,000. */
export interface CreateFileBody {
  purpose: RestUploadPurpose;
  expires_after?: { anchor: 'created_at'; seconds: number } | undefined;
}
