import { NotAllowed } from './setting.ts';

/** What runs code: nothing, bubblewrap, or a runner at a URL, which has no slash at its end. */
export type CodeInterpreterSetting = 'off' | 'bubblewrap' | URL;

export const runnerOf = (value: string): CodeInterpreterSetting => {
  if (value === 'off' || value === 'bubblewrap') return value;
  const url = URL.canParse(value) ? new URL(value) : undefined;
  const isPlain = url?.search === '' && url.hash === '' && url.username === '' && url.password === '';
  if (isPlain && ['http:', 'https:'].includes(url.protocol)) return url;
  throw new NotAllowed(
    'off, bubblewrap, or an http or https URL without query, fragment, user name and password (a key goes into CODE_INTERPRETER_KEY)',
  );
};
