import { httpUrl } from './parsers.ts';
import { NotAllowed } from './setting.ts';

/** What runs code: nothing, bubblewrap, or a runner at a URL. */
export type CodeInterpreterSetting = 'off' | 'bubblewrap' | URL;

export const runnerOf = (value: string): CodeInterpreterSetting => {
  if (value === 'off' || value === 'bubblewrap') return value;
  const url = httpUrl(value);
  if (url?.search === '' && url.hash === '') return url;
  throw new NotAllowed(
    'off, bubblewrap, or an http or https URL without query, fragment, user name and password (a key goes into CODE_INTERPRETER_KEY)',
  );
};
