import { codeInterpreterSettings } from './codeInterpreter.ts';
import { modelSettings } from './model.ts';
import { setting } from './setting.ts';
import { toolSettings } from './tools.ts';

/** The embedded engine, and the model and the tools that it calls. */
export const engineSettings = {
  dataPath: setting({
    name: 'DATA_PATH',
    unit: 'file',
    fallback: './data/assistants.db',
    description: 'SQLite file of the embedded engine. :memory: keeps nothing. Not used with ASSISTANTS_BASE_URL.',
    parse: (value: string) => value,
  }),
  ...modelSettings,
  ...toolSettings,
  ...codeInterpreterSettings,
};
