import { credentialsAmong, secretFormsOf } from '../engine/models/endpoint/secrets.ts';
import { accessSettings } from './settings/access.ts';
import { accessProblems } from './settings/accessProblems.ts';
import { secretsOfMcpServer } from '../engine/tools/mcpServer.ts';
import { webhookUrlSecrets } from '../engine/tools/urlSecrets.ts';
import { engineProblems } from './settings/engineProblems.ts';
import { engineSettings } from './settings/engine.ts';
import { passwordsIn } from './settings/postgresUrl.ts';
import { observabilitySettings } from './settings/observability.ts';
import { operationSettings } from './settings/operation.ts';
import { serverSettings } from './settings/server.ts';
import { sharingSettings } from './settings/sharing.ts';
import { NotAllowed, type Setting } from './settings/setting.ts';
import { upstreamSettings } from './settings/upstream.ts';

/** Every setting, in the order in which `--help` and the README list them. */
export const settings = {
  ...serverSettings,
  ...upstreamSettings,
  ...engineSettings,
  ...operationSettings,
  ...accessSettings,
  ...observabilitySettings,
  ...sharingSettings,
};

/** Every setting as it is in use, and never changed after the start. */
export type Config = { readonly [Key in keyof typeof settings]: ReturnType<(typeof settings)[Key]['parse']> };

/** The environment as Node gives it. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Thrown for settings that cannot be used. `message` has one line for each of them, and no secret. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** Reads every setting. An empty variable counts as unset. Throws ConfigError naming all that are wrong, not just the first. */
export const readConfig = (env: Environment): Config => {
  const wrong: string[] = [];
  const read = ([key, one]: [string, Setting<unknown>]) => {
    const value = env[one.name]?.trim() || one.fallback;
    try {
      return [key, one.parse(value)] as const;
    } catch (error) {
      if (!(error instanceof NotAllowed)) throw error;
      wrong.push(`${one.name} must be ${error.message}, got ${shown(one, value)}`);
      return [key, undefined] as const;
    }
  };
  const config = Object.freeze(Object.fromEntries(Object.entries(settings).map(read))) as Config;
  if (wrong.length === 0) wrong.push(...accessProblems(config), ...engineProblems(config));
  if (wrong.length > 0) throw new ConfigError(wrong.join('\n'));
  return config;
};

const shown = (one: Setting<unknown>, value: string) =>
  one.secret === true ? 'something else (not shown, as it may hold a key)' : JSON.stringify(withoutPassword(value));

const withoutPassword = (value: string) => value.replace(/\/\/[^/]*@/, '//…@');

/**
 * The variables that look like settings and are none: a misspelt one would otherwise be as if unset. They are no error,
 * since Kubernetes sets some for any service that is named `assistants` (ASSISTANTS_SERVICE_HOST, ASSISTANTS_PORT).
 */
export const unknownSettings = (env: Environment): string[] => {
  const known = new Set(Object.values(settings).map((one) => one.name));
  return Object.keys(env).filter(
    (name) => /^(?:ASSISTANTS_|MODEL_|EMBEDDING_|TOOL_|CODE_INTERPRETER|RUN_WEBHOOK)/.test(name) && !known.has(name),
  );
};

/**
 * What must not appear in any output: keys, tokens, the secrets of the router, of webhooks and of MCP servers, what of their URLs
 * may be a key, the passwords of the database and of what replicas share, and the values of extra headers and query parameters.
 */
export const secretsOf = ({
  apiKey: key,
  routerSecret,
  headers: extra,
  query: parameters,
  modelApiKey,
  modelHeaders,
  modelQuery,
  embeddingApiKey,
  otlpHeaders,
  toolWebhooks,
  toolWebhookSecret,
  toolMcpServers,
  codeInterpreterKey,
  runWebhooks,
  runWebhookSecret,
  databaseUrl,
  redisUrl,
  ...tokens
}: Config): string[] => [
  ...[key, routerSecret, toolWebhookSecret, codeInterpreterKey, runWebhookSecret, embeddingApiKey].filter(
    (each) => each !== undefined,
  ),
  ...[...tokens.accessTokens, ...tokens.accessTokensFile].map(({ token }) => token),
  ...otlpHeaders,
  ...passwordsIn(databaseUrl),
  ...passwordsIn(redisUrl),
  ...[...toolWebhooks.values(), ...runWebhooks].flatMap(webhookUrlSecrets),
  ...[...toolMcpServers.values()].flatMap(secretsOfMcpServer),
  ...Object.values(extra),
  ...secretFormsOf([modelApiKey ?? '', ...credentialsAmong(modelHeaders), ...credentialsAmong(modelQuery)]),
  ...Object.entries(parameters).flatMap(([name, value]) => (name === 'api-version' ? [] : [value])),
];
