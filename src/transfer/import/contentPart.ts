import type { ContentLine } from '../contentLine.ts';
import type { InputValue } from './inputValue.ts';

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

const base64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** The part of a content that a value is; undefined if it is something else. */
export const contentPartIn = (value: InputValue): ContentLine | undefined => {
  if (!('value' in value) || !isObject(value.value) || value.value['object'] !== 'file.content') return undefined;
  const { file_id, offset, data, sha256 } = value.value;
  return {
    object: 'file.content',
    file_id: typeof file_id === 'string' ? file_id : '',
    offset: typeof offset === 'number' ? offset : -1,
    // What is no base64 has the wrong length, so that it is found where parts are joined.
    data: typeof data === 'string' && data.length % 4 === 0 && base64.test(data) ? data : '',
    sha256: typeof sha256 === 'string' ? sha256 : undefined,
  };
};

/** The id of a file that a value is; undefined if it is something else. */
export const fileIdIn = (value: InputValue): string | undefined => {
  if (!('value' in value) || !isObject(value.value) || value.value['object'] !== 'file') return undefined;
  const { id } = value.value;
  return typeof id === 'string' ? id : undefined;
};
