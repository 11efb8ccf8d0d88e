import { setting } from './setting.ts';

/** The embedded engine. */
export const engineSettings = {
  dataPath: setting({
    name: 'DATA_PATH',
    unit: 'file',
    fallback: './data/assistants.db',
    description: 'SQLite file of the embedded engine. :memory: keeps nothing. Not used with ASSISTANTS_BASE_URL.',
    parse: (value: string) => value,
  }),
};
