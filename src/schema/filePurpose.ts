import { builder } from './builder.ts';
import { unknownValue } from './openEnum.ts';

const uploadPurposes = {
  ASSISTANTS: { value: 'assistants', description: 'Assistants and messages: file search and code interpreter.' },
  BATCH: { value: 'batch', description: 'The input of a batch of requests.' },
  FINE_TUNE: { value: 'fine-tune', description: 'Fine-tuning.' },
  VISION: { value: 'vision', description: 'Images in messages.' },
  USER_DATA: { value: 'user_data', description: 'Any purpose.' },
  EVALS: { value: 'evals', description: 'Evaluations.' },
} as const;

/** What clients may upload files for. */
export const FileUploadPurpose = builder.enumType('FileUploadPurpose', {
  description: 'What a file is uploaded for.',
  values: uploadPurposes,
});

export const FilePurpose = builder.enumType('FilePurpose', {
  description: 'What a file is for.',
  values: {
    ...uploadPurposes,
    ASSISTANTS_OUTPUT: { value: 'assistants_output', description: 'A file that was created by a run.' },
    BATCH_OUTPUT: { value: 'batch_output', description: 'The output of a batch of requests.' },
    FINE_TUNE_RESULTS: { value: 'fine-tune-results', description: 'Results of fine-tuning.' },
    ...unknownValue,
  } as const,
});

export const FileStatus = builder.enumType('FileStatus', {
  description: 'The status of a file.',
  values: {
    UPLOADED: { value: 'uploaded', description: 'The file was uploaded.' },
    PROCESSED: { value: 'processed', description: 'The file can be used.' },
    ERROR: { value: 'error', description: 'The file failed validation. `statusDetails` gives the reason.' },
    ...unknownValue,
  } as const,
});
