import { ConfigError, readConfig } from '../../src/cli/config.ts';

/** The message of the error that keeps a server with these variables from starting; `accepted` if it starts. */
export const settingsErrorOf = (env: Record<string, string>): string => {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return 'accepted';
};
